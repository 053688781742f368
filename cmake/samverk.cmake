# Helpers that every folder uses: one way to declare a library, a program, a
# test and a set of contracts.

add_library(samverk_options INTERFACE)
target_include_directories(samverk_options INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(samverk_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion
  -Wnon-virtual-dtor -Woverloaded-virtual -Werror)
if(SAMVERK_SANITIZE)
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=undefined
                      -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
  # GCC 12 sees uninitialised members in the standard library's own <regex>
  # when it is instrumented.
  target_compile_options(samverk_options INTERFACE -Wno-maybe-uninitialized)
endif()

if(SAMVERK_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link,address,undefined
                      -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
endif()

# Compiles a target with the precompiled header that its folder has chosen in
# SAMVERK_PRECOMPILED, if any.
function(samverk_use_precompiled name)
  if(SAMVERK_PCH AND SAMVERK_PRECOMPILED)
    target_precompile_headers(${name} REUSE_FROM ${SAMVERK_PRECOMPILED})
  endif()
endfunction()

# samverk_library(NAME SOURCES ... DEPS ...): a static library of ours.
function(samverk_library name)
  cmake_parse_arguments(L "" "" "SOURCES;DEPS" ${ARGN})
  add_library(${name} STATIC ${L_SOURCES})
  target_link_libraries(${name} PUBLIC ${L_DEPS} PRIVATE samverk_options)
  target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR})
  samverk_use_precompiled(${name})
endfunction()

# samverk_program(NAME SOURCES ... DEPS ...): an executable in build/bin.
function(samverk_program name)
  cmake_parse_arguments(L "" "" "SOURCES;DEPS" ${ARGN})
  add_executable(${name} ${L_SOURCES})
  target_link_libraries(${name} PRIVATE ${L_DEPS} samverk_options)
  samverk_use_precompiled(${name})
endfunction()

# samverk_fast_allocation(NAME): a program that allocates with mimalloc. It is
# linked for its malloc alone, which no symbol of ours asks for.
function(samverk_fast_allocation name)
  if(NOT SAMVERK_SANITIZE)
    target_link_libraries(${name} PRIVATE
      -Wl,--no-as-needed mimalloc -Wl,--as-needed)
  endif()
endfunction()

# samverk_test(NAME SOURCES ... DEPS ... [LABEL unit|store|sim|crash|e2e]):
# one GoogleTest program, run by ctest as one test.
function(samverk_test name)
  cmake_parse_arguments(L "" "LABEL" "SOURCES;DEPS" ${ARGN})
  if(NOT L_LABEL)
    set(L_LABEL unit)
  endif()
  add_executable(${name} ${L_SOURCES})
  set_target_properties(${name} PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  target_link_libraries(${name} PRIVATE
    ${L_DEPS} samverk_options GTest::gmock GTest::gtest_main)
  samverk_use_precompiled(${name})
  add_test(NAME ${name} COMMAND ${name}
           WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  set_tests_properties(${name} PROPERTIES LABELS ${L_LABEL} TIMEOUT 600)
endfunction()

# samverk_proto_library(NAME ROOT dir PROTOS ... GRPC ... DEPS ...): generated
# C++ of contracts. Imports are tracked through protoc's own dependency files.
# Generated code is made to check texts as proto/text_check.h says.
function(samverk_proto_library name)
  cmake_parse_arguments(P "" "ROOT" "PROTOS;GRPC;DEPS" ${ARGN})
  set(out ${CMAKE_BINARY_DIR}/gen)
  file(MAKE_DIRECTORY ${out})
  set(sources)
  foreach(p IN LISTS P_PROTOS P_GRPC)
    string(REGEX REPLACE "\\.proto$" "" base ${p})
    set(outputs ${out}/${base}.pb.cc ${out}/${base}.pb.h)
    set(grpc)
    if(p IN_LIST P_GRPC)
      # In the order of protoc's dependency file: of another first output Ninja
      # takes the file for somebody else's, and makes all anew each time.
      list(PREPEND outputs ${out}/${base}.grpc.pb.cc ${out}/${base}.grpc.pb.h)
      set(grpc --grpc_out=${out}
          --plugin=protoc-gen-grpc=$<TARGET_FILE:gRPC::grpc_cpp_plugin>)
    endif()
    string(REPLACE "/" "_" dep ${base})
    add_custom_command(OUTPUT ${outputs}
      COMMAND protobuf::protoc -I${P_ROOT} --cpp_out=${out} ${grpc}
              --dependency_out=${out}/${dep}.d ${p}
      COMMAND sed -i
              -e "s/::_pbi::VerifyUTF8(/::samverk::proto::IsText(/"
              -e "s/::PROTOBUF_NAMESPACE_ID::internal::WireFormatLite::VerifyUtf8String(/::samverk::proto::WriteAnyText(/"
              ${out}/${base}.pb.cc
      DEPENDS ${P_ROOT}/${p} protobuf::protoc gRPC::grpc_cpp_plugin
      DEPFILE ${out}/${dep}.d VERBATIM COMMENT "protoc ${p}")
    list(APPEND sources ${outputs})
  endforeach()
  add_library(${name} STATIC ${sources})
  set_target_properties(${name} PROPERTIES UNITY_BUILD OFF)
  target_include_directories(${name} SYSTEM PUBLIC ${out})
  target_compile_options(${name} PRIVATE
    -include ${PROJECT_SOURCE_DIR}/proto/text_check.h)
  target_link_libraries(${name} PUBLIC protobuf::libprotobuf ${P_DEPS})
  if(P_GRPC)
    target_link_libraries(${name} PUBLIC gRPC::grpc++)
  endif()
endfunction()
