// Names of threads, as top and debuggers show them.
#ifndef SAMVERK_EVENTSTORE_BASE_THREAD_NAME_H_
#define SAMVERK_EVENTSTORE_BASE_THREAD_NAME_H_

#include <pthread.h>

namespace samverk {

// Names the calling thread; at most 15 characters.
inline void SetThreadName(const char* name) {
  pthread_setname_np(pthread_self(), name);
}

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_BASE_THREAD_NAME_H_
