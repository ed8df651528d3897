/*
 * Makes a program die, or its disk fail, at a chosen operation on a file.
 *
 * Loaded with LD_PRELOAD, it stands in front of the functions of libc by which
 * files and folders change, counts those that concern a folder, and at the
 * chosen one does as it is told:
 *
 *   CRASH_FOLDER  the folder, absolute and without links; nothing else counts
 *   CRASH_AT      the number of the operation, from 1; without it none fails
 *   CRASH_HOW     kill    the process is killed before the operation
 *                 tear    of a write one half is written first
 *                 eio     the operation fails, and only this one
 *                 enospc  from now on whatever needs room fails; one half of
 *                         a write may still fit
 *                 erofs   from now on every operation fails
 *                 stop    the process stops before the operation, until SIGCONT
 *                 slow    from now on every operation waits for ten milliseconds
 *   CRASH_TRACE   a file that gets a line per operation: name, path
 *
 * Writes through a shared mapping do not pass through libc and are not seen.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum how { NOTHING, KILL, TEAR, EIO_ONCE, FULL, READ_ONLY, STOP, SLOW };

/* What an operation needs of a disk. */
enum need { ROOM, NO_ROOM };

/* What is to become of an operation. */
enum fate { PASSES, FAILS, HALF, HALF_THEN_DIES };

static const char *folder;
static size_t folder_length;
static long at;
static enum how how;
static int trace = -1;
static atomic_long operations;

__attribute__((constructor)) static void read_environment(void)
{
    const char *value = getenv("CRASH_FOLDER");
    folder = value ? strdup(value) : NULL;
    folder_length = folder ? strlen(folder) : 0;
    value = getenv("CRASH_AT");
    at = value ? atol(value) : 0;
    value = getenv("CRASH_HOW");
    if (value) {
        how = !strcmp(value, "kill")     ? KILL
              : !strcmp(value, "tear")   ? TEAR
              : !strcmp(value, "eio")    ? EIO_ONCE
              : !strcmp(value, "enospc") ? FULL
              : !strcmp(value, "erofs")  ? READ_ONLY
              : !strcmp(value, "stop")   ? STOP
              : !strcmp(value, "slow")   ? SLOW
                                         : NOTHING;
    }
    value = getenv("CRASH_TRACE");
    if (value)
        trace = syscall(SYS_openat, AT_FDCWD, value, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC,
                        0644);
}

static _Noreturn void die(void)
{
    kill(getpid(), SIGKILL);
    for (;;)
        pause();
}

/* The path behind an open file; "" where there is none. */
static const char *path_of(int fd, char *buffer)
{
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, buffer, PATH_MAX - 1);
    buffer[length < 0 ? 0 : length] = 0;
    return buffer;
}

/* A path as given to a function of the `at` family, made absolute. */
static const char *path_at(int dir, const char *path, char *buffer)
{
    if (!path || path[0] == '/')
        return path ? path : "";
    char base[PATH_MAX];
    if (dir == AT_FDCWD) {
        if (!getcwd(base, sizeof base))
            base[0] = 0;
    } else {
        path_of(dir, base);
    }
    if (snprintf(buffer, PATH_MAX, "%s/%s", base, path) >= PATH_MAX)
        buffer[0] = 0;
    return buffer;
}

static int concerns_us(const char *path)
{
    return folder_length && !strncmp(path, folder, folder_length) &&
           (path[folder_length] == '/' || path[folder_length] == 0);
}

/* Counts an operation and says what becomes of it; sets errno if it fails.
 * `bytes` is how much it writes, 0 if it is no write. */
static enum fate meet(const char *name, const char *path, enum need need, size_t bytes)
{
    int before = errno;
    if (!concerns_us(path))
        return PASSES;
    long number = atomic_fetch_add(&operations, 1) + 1;
    if (trace >= 0) {
        char line[PATH_MAX + 64];
        int length = snprintf(line, sizeof line, "%s %s\n", name, path);
        syscall(SYS_write, trace, line, length);
    }
    errno = before;
    if (!at || number < at)
        return PASSES;
    switch (how) {
    case KILL:
        die();
    case TEAR:
        if (bytes > 1 && number == at)
            return HALF_THEN_DIES;
        die();
    case EIO_ONCE:
        errno = EIO;
        return number == at ? FAILS : PASSES;
    case FULL:
        errno = ENOSPC;
        if (need == NO_ROOM)
            return PASSES;
        return number == at && bytes > 1 ? HALF : FAILS;
    case READ_ONLY:
        errno = EROFS;
        return FAILS;
    case STOP:
        if (number == at)
            raise(SIGSTOP);
        break;
    case SLOW:
        usleep(10000);
        break;
    case NOTHING:
        break;
    }
    errno = before;
    return PASSES;
}

/* The function that ours hides. */
#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

#define BY_FD(fd, name, need, bytes) \
    char buffer[PATH_MAX];           \
    enum fate fate = meet(name, path_of(fd, buffer), need, bytes)

#define BY_PATH(dir, path, name, need) \
    char buffer[PATH_MAX];             \
    enum fate fate = meet(name, path_at(dir, path, buffer), need, 0)

/* Opening a file. */

static int changes_files(int flags)
{
    return (flags & O_ACCMODE) != O_RDONLY || flags & (O_CREAT | O_TRUNC);
}

static enum fate meet_open(int dir, const char *path, int flags)
{
    char buffer[PATH_MAX];
    if (!changes_files(flags))
        return PASSES;
    int makes = flags & O_CREAT && syscall(SYS_faccessat, dir, path, F_OK) != 0;
    return meet("open", path_at(dir, path, buffer), makes ? ROOM : NO_ROOM, 0);
}

#define MODE_OF(flags, last)                                 \
    mode_t mode = 0;                                         \
    if (flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE) { \
        va_list rest;                                        \
        va_start(rest, last);                                \
        mode = va_arg(rest, mode_t);                         \
        va_end(rest);                                        \
    }

int open(const char *path, int flags, ...)
{
    MODE_OF(flags, flags)
    return meet_open(AT_FDCWD, path, flags) == PASSES ? NEXT(open)(path, flags, mode) : -1;
}

int open64(const char *path, int flags, ...)
{
    MODE_OF(flags, flags)
    return meet_open(AT_FDCWD, path, flags) == PASSES ? NEXT(open64)(path, flags, mode) : -1;
}

int openat(int dir, const char *path, int flags, ...)
{
    MODE_OF(flags, flags)
    return meet_open(dir, path, flags) == PASSES ? NEXT(openat)(dir, path, flags, mode) : -1;
}

int openat64(int dir, const char *path, int flags, ...)
{
    MODE_OF(flags, flags)
    return meet_open(dir, path, flags) == PASSES ? NEXT(openat64)(dir, path, flags, mode) : -1;
}

int creat(const char *path, mode_t mode)
{
    return open(path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}

int creat64(const char *path, mode_t mode)
{
    return open64(path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}

/* Writing: a half where one is due, by the same function. */

#define WRITE(name, fd, bytes, whole, half)       \
    BY_FD(fd, #name, ROOM, bytes);                \
    if (fate == PASSES)                           \
        return NEXT(name) whole;                  \
    if (fate == FAILS)                            \
        return -1;                                \
    ssize_t written = NEXT(name) half;            \
    if (fate == HALF_THEN_DIES)                   \
        die();                                    \
    return written

ssize_t write(int fd, const void *bytes, size_t count)
{
    WRITE(write, fd, count, (fd, bytes, count), (fd, bytes, count / 2));
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t offset)
{
    WRITE(pwrite, fd, count, (fd, bytes, count, offset), (fd, bytes, count / 2, offset));
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t offset)
{
    WRITE(pwrite64, fd, count, (fd, bytes, count, offset), (fd, bytes, count / 2, offset));
}

/* Of several pieces the first stands for a half, and half of an only one. */
static const struct iovec *half_of(const struct iovec *pieces, int count, struct iovec *half)
{
    *half = pieces[0];
    if (count == 1)
        half->iov_len /= 2;
    return half;
}

ssize_t writev(int fd, const struct iovec *pieces, int count)
{
    struct iovec half;
    size_t bytes = 0;
    for (int i = 0; i < count; i++)
        bytes += pieces[i].iov_len;
    WRITE(writev, fd, bytes, (fd, pieces, count), (fd, half_of(pieces, count, &half), 1));
}

ssize_t copy_file_range(int from, off64_t *from_at, int to, off64_t *to_at, size_t count,
                        unsigned flags)
{
    WRITE(copy_file_range, to, count, (from, from_at, to, to_at, count, flags),
          (from, from_at, to, to_at, count / 2, flags));
}

ssize_t sendfile(int to, int from, off_t *offset, size_t count)
{
    WRITE(sendfile, to, count, (to, from, offset, count), (to, from, offset, count / 2));
}

ssize_t sendfile64(int to, int from, off64_t *offset, size_t count)
{
    WRITE(sendfile64, to, count, (to, from, offset, count), (to, from, offset, count / 2));
}

/* What works on an open file and is no write. */

#define ON_FILE(name, need, parameters, arguments)                \
    int name parameters                                           \
    {                                                             \
        BY_FD(fd, #name, need, 0);                                \
        return fate == PASSES ? NEXT(name) arguments : -1;        \
    }

ON_FILE(fsync, ROOM, (int fd), (fd))
ON_FILE(fdatasync, ROOM, (int fd), (fd))
ON_FILE(ftruncate, NO_ROOM, (int fd, off_t length), (fd, length))
ON_FILE(ftruncate64, NO_ROOM, (int fd, off64_t length), (fd, length))
ON_FILE(fallocate, ROOM, (int fd, int mode, off_t offset, off_t length),
        (fd, mode, offset, length))
ON_FILE(fallocate64, ROOM, (int fd, int mode, off64_t offset, off64_t length),
        (fd, mode, offset, length))

/* These return the error instead of setting it. */

int posix_fallocate(int fd, off_t offset, off_t length)
{
    BY_FD(fd, "posix_fallocate", ROOM, 0);
    return fate == PASSES ? NEXT(posix_fallocate)(fd, offset, length) : errno;
}

int posix_fallocate64(int fd, off64_t offset, off64_t length)
{
    BY_FD(fd, "posix_fallocate64", ROOM, 0);
    return fate == PASSES ? NEXT(posix_fallocate64)(fd, offset, length) : errno;
}

/* What works on names. A name moved into the folder concerns us. */

#define ON_PATH(name, need, dir, path, parameters, arguments)     \
    int name parameters                                           \
    {                                                             \
        BY_PATH(dir, path, #name, need);                          \
        return fate == PASSES ? NEXT(name) arguments : -1;        \
    }

ON_PATH(truncate, NO_ROOM, AT_FDCWD, path, (const char *path, off_t length), (path, length))
ON_PATH(truncate64, NO_ROOM, AT_FDCWD, path, (const char *path, off64_t length), (path, length))
ON_PATH(unlink, NO_ROOM, AT_FDCWD, path, (const char *path), (path))
ON_PATH(unlinkat, NO_ROOM, dir, path, (int dir, const char *path, int flags), (dir, path, flags))
ON_PATH(rmdir, NO_ROOM, AT_FDCWD, path, (const char *path), (path))
ON_PATH(mkdir, ROOM, AT_FDCWD, path, (const char *path, mode_t mode), (path, mode))
ON_PATH(mkdirat, ROOM, dir, path, (int dir, const char *path, mode_t mode), (dir, path, mode))
ON_PATH(rename, NO_ROOM, AT_FDCWD, to, (const char *from, const char *to), (from, to))
ON_PATH(renameat, NO_ROOM, to_dir, to,
        (int from_dir, const char *from, int to_dir, const char *to), (from_dir, from, to_dir, to))
ON_PATH(renameat2, NO_ROOM, to_dir, to,
        (int from_dir, const char *from, int to_dir, const char *to, unsigned flags),
        (from_dir, from, to_dir, to, flags))
ON_PATH(link, ROOM, AT_FDCWD, to, (const char *from, const char *to), (from, to))
ON_PATH(linkat, ROOM, to_dir, to,
        (int from_dir, const char *from, int to_dir, const char *to, int flags),
        (from_dir, from, to_dir, to, flags))
ON_PATH(symlink, ROOM, AT_FDCWD, to, (const char *from, const char *to), (from, to))
ON_PATH(symlinkat, ROOM, to_dir, to, (const char *from, int to_dir, const char *to),
        (from, to_dir, to))
