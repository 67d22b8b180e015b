#define _GNU_SOURCE
#include "CLinux.h"
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <setjmp.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int opslab_linux_no_new_privileges(void) { return prctl(PR_SET_NO_NEW_PRIVS, 1UL, 0, 0, 0); }
int opslab_linux_die_with_parent(int s) { return prctl(PR_SET_PDEATHSIG, (unsigned long) s, 0, 0, 0); }
int opslab_linux_set_name(const char *name) { return prctl(PR_SET_NAME, (unsigned long) name, 0, 0, 0); }
int opslab_linux_become_undumpable(void) {
  struct rlimit none = {0, 0};
  int cores = setrlimit(RLIMIT_CORE, &none);
  return prctl(PR_SET_DUMPABLE, 0UL, 0, 0, 0) == 0 ? cores : -1;
}

int opslab_linux_pidfd_open(pid_t pid) { return (int) syscall(SYS_pidfd_open, pid, 0); }
int opslab_linux_pidfd_signal(int fd, int s) { return (int) syscall(SYS_pidfd_send_signal, fd, s, NULL, 0); }
int opslab_linux_pidfd_reap(int fd, int *code, int *status) {
  siginfo_t i = {0};
  int r;
  do r = waitid((idtype_t) 3 /* P_PIDFD */, (id_t) fd, &i, WEXITED | WNOHANG); while (r == -1 && errno == EINTR);
  if (r != 0) return -1;
  if (i.si_pid == 0) return 0;
  *code = i.si_code;
  *status = i.si_status;
  return 1;
}

/* Descriptors are first copied above everything the child will use, so that no dup2 overwrites a later source. */
static int copy_high(int fd, int floor) { return fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, floor); }

int opslab_linux_spawn(pid_t *pid, const char *path, char *const argv[], char *const env[], int new_session,
                       const int standard[3], const int *extra, int count, const char *directory) {
  enum { most = 32 };
  if (count < 0 || count > most) return EINVAL;
  int copies[3 + most], total = 3 + count, failed = 0;
  for (int i = 0; i < total; i++) {
    int want = i < 3 ? standard[i] : extra[i - 3];
    copies[i] = copy_high(want, 64);
    if (want >= 0 && copies[i] < 0) failed = errno;
  }
  posix_spawnattr_t a;
  posix_spawn_file_actions_t f;
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_init(&a);
  posix_spawn_file_actions_init(&f);
  posix_spawnattr_setsigmask(&a, &none);
  posix_spawnattr_setsigdefault(&a, &all);
  posix_spawnattr_setpgroup(&a, 0);
  posix_spawnattr_setflags(&a, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
                                 (new_session ? POSIX_SPAWN_SETSID : POSIX_SPAWN_SETPGROUP));
  for (int i = 0; i < total; i++)
    if (copies[i] >= 0) posix_spawn_file_actions_adddup2(&f, copies[i], i);
  if (directory) posix_spawn_file_actions_addchdir_np(&f, directory);
  posix_spawn_file_actions_addclosefrom_np(&f, total);
  int r = failed ? failed : posix_spawn(pid, path, &f, &a, argv, env);
  posix_spawn_file_actions_destroy(&f);
  posix_spawnattr_destroy(&a);
  for (int i = 0; i < total; i++)
    if (copies[i] >= 0) close(copies[i]);
  return r;
}

int opslab_linux_rename_exchange(const char *a, const char *b) {
  return renameat2(AT_FDCWD, a, AT_FDCWD, b, RENAME_EXCHANGE);
}
int opslab_linux_rename_new(const char *from, const char *to) {
  return renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE);
}
int opslab_linux_allocate(int fd, int64_t offset, int64_t length) {
  return posix_fallocate(fd, (off_t) offset, (off_t) length);
}
uint64_t opslab_linux_boottime(void) {
  struct timespec t;
  clock_gettime(CLOCK_BOOTTIME, &t);
  return (uint64_t) t.tv_sec * 1000000000ULL + (uint64_t) t.tv_nsec;
}

int opslab_linux_peer(int fd, pid_t *pid, uid_t *uid, gid_t *gid) {
  struct ucred c;
  socklen_t n = sizeof c;
  if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &c, &n) != 0) return -1;
  *pid = c.pid;
  *uid = c.uid;
  *gid = c.gid;
  return 0;
}

union one_descriptor { char room[CMSG_SPACE(sizeof(int))]; struct cmsghdr aligned; };

ssize_t opslab_linux_send_with(int socket, const void *bytes, size_t count, int descriptor) {
  struct iovec part = {(void *) bytes, count};
  union one_descriptor beside = {{0}};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
  if (descriptor >= 0) {
    message.msg_control = beside.room;
    message.msg_controllen = sizeof beside.room;
    struct cmsghdr *c = CMSG_FIRSTHDR(&message);
    c->cmsg_level = SOL_SOCKET;
    c->cmsg_type = SCM_RIGHTS;
    c->cmsg_len = CMSG_LEN(sizeof descriptor);
    memcpy(CMSG_DATA(c), &descriptor, sizeof descriptor);
  }
  return sendmsg(socket, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
}
ssize_t opslab_linux_receive_with(int socket, void *bytes, size_t count, int *descriptor) {
  struct iovec part = {bytes, count};
  union one_descriptor beside = {{0}};
  struct msghdr message = {
      .msg_iov = &part, .msg_iovlen = 1, .msg_control = beside.room, .msg_controllen = sizeof beside.room};
  *descriptor = -1;
  ssize_t got = recvmsg(socket, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
  struct cmsghdr *c = got < 0 ? NULL : CMSG_FIRSTHDR(&message);
  if (c && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS && c->cmsg_len == CMSG_LEN(sizeof *descriptor))
    memcpy(descriptor, CMSG_DATA(c), sizeof *descriptor);
  return got;
}

struct landlock_rules { uint64_t files, network; };
struct __attribute__((packed)) landlock_path { uint64_t access; int32_t parent; };
struct landlock_port { uint64_t access, port; };

int opslab_linux_landlock_abi(void) { return (int) syscall(444, NULL, 0, 1U); }
int opslab_linux_landlock_ruleset(uint64_t files, uint64_t network) {
  struct landlock_rules rules = {files, network};
  return (int) syscall(444, &rules, network ? sizeof rules : sizeof rules.files, 0U);
}
int opslab_linux_landlock_allow_path(int ruleset, const char *path, uint64_t access) {
  struct landlock_path rule = {access, open(path, O_PATH | O_CLOEXEC)};
  if (rule.parent < 0) return -1;
  int r = (int) syscall(445, ruleset, 1, &rule, 0U);
  int saved = errno;
  close(rule.parent);
  errno = saved;
  return r;
}
int opslab_linux_landlock_allow_port(int ruleset, uint16_t port, uint64_t access) {
  struct landlock_port rule = {access, port};
  return (int) syscall(445, ruleset, 2, &rule, 0U);
}
int opslab_linux_landlock_enforce(int ruleset) { return (int) syscall(446, ruleset, 0U); }

int opslab_linux_block_signals(void) {
  sigset_t all;
  sigfillset(&all);
  /* Faults of the thread itself stay deliverable: a blocked one ends the process without a trace. */
  int keep[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGSYS, SIGTSTP, SIGTTIN, SIGTTOU, SIGCONT, SIGPROF};
  for (size_t i = 0; i < sizeof keep / sizeof *keep; i++) sigdelset(&all, keep[i]);
  return pthread_sigmask(SIG_BLOCK, &all, NULL);
}
int opslab_linux_await_signal(const int *signals, int count) {
  sigset_t set;
  int received = 0;
  sigemptyset(&set);
  for (int i = 0; i < count; i++) sigaddset(&set, signals[i]);
  int r = sigwait(&set, &received);
  return r == 0 ? received : -r;
}
int opslab_linux_ignore_signal(int s) { return signal(s, SIG_IGN) == SIG_ERR ? -1 : 0; }
int opslab_linux_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC); }
int64_t opslab_linux_filesystem(const char *path) {
  struct statfs s;
  return statfs(path, &s) == 0 ? (int64_t) s.f_type : -1;
}

const char *opslab_linux_error_name(int number) { return strerrorname_np(number); }

static _Thread_local jmp_buf *way_back;
int opslab_linux_insist(int (*call)(struct MHD_Daemon *), struct MHD_Daemon *argument) {
  jmp_buf here;
  volatile int panics = 0;
  if (setjmp(here) != 0) {
    panics++;
    sched_yield(); /* another thread has done, or is just doing, what we could not */
  }
  way_back = &here;
  call(argument);
  way_back = NULL;
  return panics;
}
void opslab_linux_panic(void *context, const char *file, unsigned line, const char *reason) {
  (void) context;
  if (way_back) longjmp(*way_back, 1);
  fprintf(stderr, "fatal: %s:%u: %s\n", file, line, reason);
  abort();
}
