import Glibc

/// The number of this process.
enum ProcessID {
    static var current: Int32 { getpid() }
}
