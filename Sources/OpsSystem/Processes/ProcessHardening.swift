import CLinux
import Glibc

/// Hides this process's memory and environment from other processes of the same user, and forbids core files.
public func becomeUndumpable() { _ = opslab_linux_become_undumpable() }

/// Has the kernel end this process when the thread that started it ends, however that comes about.
package func dieWithParent() { _ = opslab_linux_die_with_parent(SIGKILL) }

/// Where this process's program lies.
public func executablePath() -> String {
    var buffer = [CChar](repeating: 0, count: 4_096)
    let count = readlink("/proc/self/exe", &buffer, buffer.count)
    let path = String(decoding: buffer[..<max(0, count)].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let mark = " (deleted)"  // a newer build stands in its place
    return path.hasSuffix(mark) ? String(path.dropLast(mark.count)) : path
}

/// Stops a closed pipe or socket from ending the process; writes then answer EPIPE.
public func ignoreBrokenPipes() { _ = opslab_linux_ignore_signal(SIGPIPE) }
