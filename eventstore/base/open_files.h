// How many files the process may have open.
#ifndef SAMVERK_EVENTSTORE_BASE_OPEN_FILES_H_
#define SAMVERK_EVENTSTORE_BASE_OPEN_FILES_H_

namespace samverk {

// The soft limit of file descriptors (getrlimit, RLIMIT_NOFILE); 1,024 where
// it cannot be read. Thread-safe.
int OpenFileLimit();

// Raises the soft limit to `wanted` or to the hard limit, whichever is less;
// never lowers it. A process that uses select() must not: descriptors of 1,024
// and above are beyond its sets. Thread-safe.
void RaiseOpenFileLimit(int wanted);

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_BASE_OPEN_FILES_H_
