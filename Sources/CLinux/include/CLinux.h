#pragma once
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/types.h>

/* Only plain types here: a header that defines _GNU_SOURCE clashes with Swift's own Glibc module. */

/* prctl is variadic, and its constants are macros that Swift does not import. */
int opslab_linux_become_undumpable(void);
/* And again: the process gets this signal when the thread that started it ends. */
int opslab_linux_die_with_parent(int signal);
/* prctl again: without new privileges a process may restrict itself by Landlock. */
int opslab_linux_no_new_privileges(void);
int opslab_linux_set_name(const char *name);

/* glibc has no pidfd calls before 2.36. */
int opslab_linux_pidfd_open(pid_t pid);
int opslab_linux_pidfd_signal(int pidfd, int signal);
/* 1: ended, code and status filled; 0: still running; -1: errno. Never blocks, reaps when it answers 1. */
int opslab_linux_pidfd_reap(int pidfd, int *code, int *status);

/* posix_spawn with an own group (or session), default signals, an empty mask and the descriptors that are listed: three for
   the standard streams (-1 inherits), then `count` more that become 3, 4, … in the child. 0 or an errno. */
int opslab_linux_spawn(pid_t *pid, const char *path, char *const argv[], char *const env[], int new_session,
                       const int standard[3], const int *extra, int count, const char *directory);

/* RENAME_EXCHANGE and RENAME_NOREPLACE need _GNU_SOURCE. */
int opslab_linux_rename_exchange(const char *a, const char *b);
int opslab_linux_rename_new(const char *from, const char *to);
/* Returns the error itself instead of setting errno, as posix_fallocate does. */
int opslab_linux_allocate(int fd, int64_t offset, int64_t length);
uint64_t opslab_linux_boottime(void);

/* SO_PEERCRED fills a struct that exists only with _GNU_SOURCE. */
int opslab_linux_peer(int fd, pid_t *pid, uid_t *uid, gid_t *gid);

/* One message and at most one descriptor beside it (-1: none): the macros of SCM_RIGHTS are not imported. Neither waits. */
ssize_t opslab_linux_send_with(int socket, const void *bytes, size_t count, int descriptor);
ssize_t opslab_linux_receive_with(int socket, void *bytes, size_t count, int *descriptor);

/* Landlock has no wrappers in glibc, and the header of Debian 12 does not know its network half. */
int opslab_linux_landlock_abi(void);
int opslab_linux_landlock_ruleset(uint64_t files, uint64_t network);
int opslab_linux_landlock_allow_path(int ruleset, const char *path, uint64_t access);
int opslab_linux_landlock_allow_port(int ruleset, uint16_t port, uint64_t access);
int opslab_linux_landlock_enforce(int ruleset);

/* Blocks every signal that a process may block, for this thread and for those it starts. */
int opslab_linux_block_signals(void);
/* sigwait that gives the signal back as its result, or a negative errno. */
int opslab_linux_await_signal(const int *signals, int count);
int opslab_linux_ignore_signal(int signal);
/* The magic number of the file system that holds the path, or -1; sys/vfs.h is not in Swift's Glibc module. */
int64_t opslab_linux_filesystem(const char *path);
/* pipe2 needs _GNU_SOURCE. */
int opslab_linux_pipe(int ends[2]);

/* The name of an error number, such as EMFILE, or NULL; strerrorname_np needs _GNU_SOURCE. */
const char *opslab_linux_error_name(int number);

/* Calls a function of a C library that panics where it could be called again, until it returns; the library's panics have to go to
   opslab_linux_panic. Only C frames may lie between the two: they are left as they are. Gives how often it panicked. */
struct MHD_Daemon;
int opslab_linux_insist(int (*call)(struct MHD_Daemon *), struct MHD_Daemon *argument);
/* Says what was wrong and aborts, unless this thread is inside of opslab_linux_insist. */
void opslab_linux_panic(void *context, const char *file, unsigned line, const char *reason);
