// Holds a precompiled header; see precompiled.cmake.
