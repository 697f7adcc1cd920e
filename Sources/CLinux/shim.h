// What Glibc's Swift module lacks: variadic calls, and Linux calls behind feature macros. They go
// through syscall(2) with the kernel's own numbers, so that no feature macro has to be set before
// the C library's headers are read.
#ifndef CIVSYNC_CLINUX_SHIM_H
#define CIVSYNC_CLINUX_SHIM_H

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define CIVSYNC_RENAME_NOREPLACE 1u
#define CIVSYNC_RENAME_EXCHANGE 2u

static inline int civsync_openat(int folder, const char *path, int flags, unsigned mode) {
  return openat(folder, path, flags | O_CLOEXEC, mode);
}

static inline int civsync_renameat2(int from_folder, const char *from, int to_folder,
                                    const char *to, unsigned flags) {
  return (int)syscall(SYS_renameat2, from_folder, from, to_folder, to, flags);
}

static inline int civsync_syncfs(int fd) { return (int)syscall(SYS_syncfs, fd); }

// Starts writing the range's dirty pages to the disk without waiting for them.
static inline int civsync_start_writeback(int fd, int64_t offset, int64_t length) {
  return (int)syscall(SYS_sync_file_range, fd, offset, length, 2 /* SYNC_FILE_RANGE_WRITE */);
}

// Makes `to` share the extents of `from` (FICLONE).
static inline int civsync_clone(int to, int from) {
  return ioctl(to, 0x40049409UL /* _IOW(0x94, 9, int) */, from);
}

static inline int64_t civsync_copy_file_range(int from, int to, size_t length) {
  return (int64_t)syscall(SYS_copy_file_range, from, NULL, to, NULL, length, 0u);
}

// Reserves blocks without changing the file's size.
static inline int civsync_reserve(int fd, int64_t length) {
  return (int)syscall(SYS_fallocate, fd, 1 /* FALLOC_FL_KEEP_SIZE */, (int64_t)0, length);
}

// The terminal's columns, or -1 with errno.
static inline int civsync_columns(int fd) {
  struct winsize size;
  if (ioctl(fd, TIOCGWINSZ, &size) != 0) return -1;
  return size.ws_col;
}

// write(2) that answers EPIPE instead of raising SIGPIPE: the signal is blocked in this thread,
// and the one that the write made pending is taken back.
static inline int64_t civsync_write(int fd, const void *bytes, size_t count) {
  sigset_t pipe_only, before, pending;
  sigemptyset(&pipe_only);
  sigaddset(&pipe_only, SIGPIPE);
  sigpending(&pending);
  int was_pending = sigismember(&pending, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe_only, &before);
  int64_t written = write(fd, bytes, count);
  int code = errno;
  if (written < 0 && code == EPIPE && !was_pending) {
    struct timespec now = {0, 0};
    while (sigtimedwait(&pipe_only, NULL, &now) < 0 && errno == EINTR) {
    }
  }
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  errno = code;
  return written;
}

#endif
