import CLinux

/// The kernel's numbers for what went wrong.
package enum ErrorNumber {
    /// The name as in errno(3), such as `EMFILE`; nil for a number that means nothing.
    package static func name(of number: Int) -> String? {
        Int32(exactly: number).flatMap { opslab_linux_error_name($0) }.map { String(cString: $0) }
    }
}
