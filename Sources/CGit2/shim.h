#ifndef CIVSYNC_CGIT2_SHIM_H
#define CIVSYNC_CGIT2_SHIM_H

#include <git2.h>
#include <git2/sys/mempack.h>
#include <git2/sys/odb_backend.h>

// `git_libgit2_opts` is variadic, which Swift cannot call: one wrapper for each option in use.

/// Where configuration of one level (`git_config_level_t`) is looked for; "" means nowhere.
static inline int civsync_git2_set_search_path(int level, const char *path) {
  return git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, path);
}

/// Whether object, pack and reference files are synced, with their folders, as they are written.
static inline int civsync_git2_set_fsync(int enabled) {
  return git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, enabled);
}

/// Whether a repository that another user owns is refused.
static inline int civsync_git2_set_owner_validation(int enabled) {
  return git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, enabled);
}

#endif
