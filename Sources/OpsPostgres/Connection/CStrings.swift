import Glibc

/// A null-terminated array of copies of strings, freed when the owner lets go of it.
final class CStrings {
    private let copies: [UnsafeMutablePointer<CChar>?]
    /// Valid as long as this object is.
    let pointers: [UnsafePointer<CChar>?]

    init(_ strings: [String?]) {
        copies = strings.map { text in text.flatMap { strdup($0) } }
        pointers = copies.map { $0.map { UnsafePointer($0) } } + [nil]
    }

    deinit { for copy in copies { free(copy) } }
}
