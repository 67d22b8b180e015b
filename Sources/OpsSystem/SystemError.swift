import Glibc

/// What went wrong between this process and the kernel, and what a person can do about it.
public struct SystemError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The closed list of causes; the same word appears in logs and answers.
    public enum Code: String, Sendable, CaseIterable {
        case notFound = "not_found"
        case permissionDenied = "permission_denied"
        case alreadyExists = "already_exists"
        case diskFull = "disk_full"
        case tooLarge = "too_large"
        case tooManyDescriptors = "too_many_descriptors"
        case timedOut = "timed_out"
        case cancelled
        case locked
        case journalDead = "journal_dead"
        case invalidArgument = "invalid_argument"
        case unsupported
        case failed = "system_call_failed"
    }

    /// Why it failed.
    public let code: Code
    /// What was being done, and the way out.
    public let message: String
    /// The kernel's number, or 0 when the kernel was not asked.
    public let errno: Int32

    /// Builds an error that no system call reported.
    public init(_ code: Code, _ message: String, errno: Int32 = 0) {
        self.code = code
        self.message = message
        self.errno = errno
    }

    /// Turns an `errno` into a code and a sentence; `doing` completes "could not …".
    public init(errno number: Int32, doing: String) {
        self.code = Self.code(of: number)
        self.message = "could not \(doing): \(Self.reason(number))"
        self.errno = number
    }

    /// The message; safe to show.
    public var description: String { self.message }

    private static func code(of number: Int32) -> Code {
        switch number {
        case ENOENT, ESRCH, ENOTDIR: .notFound
        case EACCES, EPERM, EROFS: .permissionDenied
        case EEXIST, ENOTEMPTY: .alreadyExists
        case ENOSPC, EDQUOT: .diskFull
        case EFBIG, ENAMETOOLONG, E2BIG: .tooLarge
        case EMFILE, ENFILE: .tooManyDescriptors
        case ETIMEDOUT: .timedOut
        case EINVAL: .invalidArgument
        case ENOSYS, EOPNOTSUPP: .unsupported
        default: .failed
        }
    }

    private static func reason(_ number: Int32) -> String {
        let text = String(cString: strerror(number))
        switch Self.code(of: number) {
        case .diskFull: return "\(text); free some space and try again"
        case .permissionDenied: return "\(text) (running as uid \(geteuid()))"
        case .tooManyDescriptors: return "\(text); raise `ulimit -n`"
        default: return text
        }
    }
}
