// What Glibc's Swift module lacks: variadic calls, and Linux calls behind feature macros. They go
// through syscall(2) with the kernel's own numbers, so that no feature macro has to be set before
// the C library's headers are read.
#ifndef CIVSYNC_CLINUX_SHIM_H
#define CIVSYNC_CLINUX_SHIM_H

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define CIVSYNC_RENAME_NOREPLACE 1u
#define CIVSYNC_RENAME_EXCHANGE 2u

// How many separate heaps threads may have between them, and from what size on a piece of memory is
// one of its own that goes back when it is freed. Whether both were taken.
static inline int civsync_limit_heaps(int heaps, int separate) {
  return mallopt(M_ARENA_MAX, heaps) && mallopt(M_MMAP_THRESHOLD, separate);
}

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

// Starts `path` in a process group of its own and in `folder` (here when that is null), with the three
// descriptors as its input and outputs, an input below 0 being none; every other descriptor is closed, and
// no signal is ignored or blocked.
static inline int civsync_spawn(const char *path, char *const *arguments, char *const *environment,
                                const char *folder, int input, int output, int errors, pid_t *child) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  int code = posix_spawn_file_actions_init(&actions);
  if (code != 0) return code;
  code = posix_spawnattr_init(&attributes);
  if (code != 0) {
    posix_spawn_file_actions_destroy(&actions);
    return code;
  }
  if (code == 0)
    code = input < 0 ? posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
                     : posix_spawn_file_actions_adddup2(&actions, input, 0);
  if (code == 0) code = posix_spawn_file_actions_adddup2(&actions, output, 1);
  if (code == 0) code = posix_spawn_file_actions_adddup2(&actions, errors, 2);
  if (code == 0) code = posix_spawn_file_actions_addclosefrom_np(&actions, 3);
  if (code == 0 && folder) code = posix_spawn_file_actions_addchdir_np(&actions, folder);
  if (code == 0) code = posix_spawnattr_setpgroup(&attributes, 0);
  if (code == 0) code = posix_spawnattr_setsigmask(&attributes, &none);
  if (code == 0) code = posix_spawnattr_setsigdefault(&attributes, &all);
  if (code == 0)
    code = posix_spawnattr_setflags(
        &attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  if (code == 0) code = posix_spawn(child, path, &actions, &attributes, arguments, environment);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return code;
}

// A pipe whose ends no other child inherits; `ends[0]` is read without waiting.
static inline int civsync_pipe(int *ends) {
  if (syscall(SYS_pipe2, ends, O_CLOEXEC) != 0) return -1;
  return fcntl(ends[0], F_SETFL, O_NONBLOCK);
}

// Whether a child has ended, without taking its remains: 1, 0, or -1 with errno.
static inline int civsync_has_ended(pid_t child) {
  siginfo_t info;
  info.si_pid = 0;
  if (waitid(P_PID, (id_t)child, &info, WEXITED | WNOHANG | WNOWAIT) != 0) return -1;
  return info.si_pid != 0;
}

// Takes the remains of a child that has ended: its exit code, 128 + the signal that ended it, or -1
// with errno.
static inline int civsync_reap(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return -1;
  }
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

#endif
