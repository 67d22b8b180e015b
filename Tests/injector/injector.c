/* Preloaded into a program as it ships: ends it at, or fails, the n-th call of a kind, or holds the thread that has just put a
   line of a given step into a journal. Counted over all threads of the processes with one verb, so that n is the same each time.
     INJECT_BOARD  file of 8 numbers of 64 bit: calls of each kind so far, and whether the n-th came
     INJECT_VERB   which of the program's verbs;  INJECT_CALL  kind;  INJECT_N  which;  INJECT_HOW  before, after (SIGKILL), fail
     INJECT_HALT   directory: `step` says at which step to hold, `reached` who is held, `go` ends it
   A write that is struck writes its first half. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { FSYNC, WRITE, RENAME, CONNECT, SEND, OPEN, SPAWN, KINDS };
enum { NOTHING, BEFORE, AFTER, FAIL };
static const char *const kinds[KINDS] = {"fsync", "write", "rename", "connect", "send", "open", "spawn"};
static struct { _Atomic uint64_t calls[KINDS], hit; } *board;
static int kind = KINDS, how;
static uint64_t which;
static const char *halts;
static _Thread_local char step[16];
#define REAL(name) ((__typeof__(&name)) dlsym(RTLD_NEXT, #name))

__attribute__((constructor)) static void begin(void) {
  char words[512] = "", *call = getenv("INJECT_CALL"), *verb = getenv("INJECT_VERB"), *path = getenv("INJECT_BOARD");
  halts = getenv("INJECT_HALT");
  int file = (int) syscall(SYS_openat, AT_FDCWD, "/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
  if (read(file, words, sizeof words - 1) < 0) words[0] = 0;
  close(file);
  if (!path || !verb || strcmp(words + strlen(words) + 1, verb) != 0) return;
  for (int i = 0; call && i < KINDS; i++) if (strcmp(call, kinds[i]) == 0) kind = i;
  const char *word = getenv("INJECT_HOW"), *n = getenv("INJECT_N");
  how = !word ? NOTHING : *word == 'b' ? BEFORE : *word == 'a' ? AFTER : FAIL;
  which = n ? strtoull(n, NULL, 10) : 0;
  file = (int) syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC);
  void *room = mmap(NULL, sizeof *board, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  close(file);
  if (room != MAP_FAILED) board = room;
}

static void end(void) { syscall(SYS_kill, getpid(), SIGKILL); for (;;) pause(); }
/* What becomes of this call. */
static int fate(int called) {
  if (!board || atomic_fetch_add(&board->calls[called], 1) + 1 != which || called != kind) return NOTHING;
  atomic_store(&board->hit, 1);
  if (how == BEFORE) end();
  return how;
}
#define STRIKE(called, failure, call) do { \
    int fated = fate(called); \
    if (fated == FAIL) { errno = failure; return -1; } \
    __typeof__(call) result = call; \
    if (fated == AFTER) end(); \
    return result; } while (0)

static void hold(void) {
  char path[256], wanted[16] = "", who[32];
  snprintf(path, sizeof path, "%s/step", halts);
  int file = (int) syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return;
  if (read(file, wanted, sizeof wanted - 1) < 0) wanted[0] = 0;
  close(file);
  if (strcmp(wanted, step) != 0) return;
  snprintf(path, sizeof path, "%s/reached", halts);
  file = (int) syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (file < 0) return; /* somebody else is held already */
  syscall(SYS_write, file, who, snprintf(who, sizeof who, "%d\n", getpid()));
  close(file);
  snprintf(path, sizeof path, "%s/go", halts);
  while (access(path, F_OK) != 0) usleep(500);
}
static int synced(int result) { if (halts && step[0]) hold(); step[0] = 0; return result; }
static void noted(const char *bytes, size_t count) {
  const char *found = memmem(bytes, count, "\"step\":\"", 8);
  step[0] = 0;
  if (found) sscanf(found + 8, "%15[a-z]", step);
}
static int isFile(int file) { struct stat status; return fstat(file, &status) == 0 && S_ISREG(status.st_mode); }

int fsync(int file) { STRIKE(FSYNC, EIO, REAL(fsync)(file)); }
int fdatasync(int file) { STRIKE(FSYNC, EIO, synced(REAL(fdatasync)(file))); }
int rename(const char *from, const char *to) { STRIKE(RENAME, EIO, REAL(rename)(from, to)); }
int renameat2(int a, const char *from, int b, const char *to, unsigned flags) {
  STRIKE(RENAME, EIO, REAL(renameat2)(a, from, b, to, flags));
}
int connect(int file, const struct sockaddr *to, socklen_t size) { STRIKE(CONNECT, ECONNREFUSED, REAL(connect)(file, to, size)); }
ssize_t send(int file, const void *bytes, size_t count, int flags) { STRIKE(SEND, EPIPE, REAL(send)(file, bytes, count, flags)); }
ssize_t pwrite(int file, const void *bytes, size_t count, off_t at) {
  int fated = fate(WRITE);
  if (halts) noted(bytes, count);
  ssize_t result = REAL(pwrite)(file, bytes, fated ? count / 2 : count, at);
  if (fated == AFTER) end();
  return result;
}
ssize_t pwrite64(int file, const void *bytes, size_t count, off_t at) { return pwrite(file, bytes, count, at); }
ssize_t write(int file, const void *bytes, size_t count) {
  int fated = board && isFile(file) ? fate(WRITE) : NOTHING;
  if (fated == FAIL && count < 2) { errno = ENOSPC; return -1; }
  ssize_t result = REAL(write)(file, bytes, fated ? count / 2 : count);
  if (fated == AFTER) end();
  return result;
}
int open(const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  STRIKE(OPEN, EMFILE, REAL(open)(path, flags, mode));
}
int open64(const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  return open(path, flags, mode);
}
/* Our programs start each other with an empty environment: what begins in one goes on in the next. */
int posix_spawn(pid_t *pid, const char *path, const posix_spawn_file_actions_t *actions, const posix_spawnattr_t *attributes,
                char *const arguments[], char *const environment[]) {
  char *widened[32];
  int count = 0, fated = fate(SPAWN);
  if (fated == FAIL) return EAGAIN;
  const char *name = strrchr(path, '/');
  int isOurs = name && strcmp(name, "/ChaosServer") == 0;
  for (; environment[count] && count < 20; count++) widened[count] = environment[count];
  for (char **word = environ; isOurs && *word && count < 31; word++)
    if (strncmp(*word, "INJECT_", 7) == 0 || strncmp(*word, "LD_PRELOAD=", 11) == 0) widened[count++] = *word;
  widened[count] = NULL;
  int result = REAL(posix_spawn)(pid, path, actions, attributes, arguments, widened);
  if (fated == AFTER) end();
  return result;
}
