internal import Glibc
internal import Synchronization

/// What a program may send to a person's terminal, and how.
public enum Terminal {
    /// True when a person sits at both ends: standard input and standard output are a terminal.
    public static var hasPerson: Bool { isatty(0) == 1 && isatty(1) == 1 }

    /// True when nobody reads what was written to standard output, or there was no room for it.
    public static var isOutputLost: Bool { outputLost.load(ordering: .relaxed) }

    private static let outputLost = Atomic(false)

    /// Colours are for terminals, and not for a person who has asked for plain text (`NO_COLOR`, `TERM=dumb`).
    private static var isStyling: Bool {
        guard isatty(1) == 1, getenv("NO_COLOR") == nil else { return false }
        return getenv("TERM").map { String(cString: $0) } != "dumb"
    }

    /// Columns of the terminal, or 100 when there is none.
    public static var width: Int {
        var size = winsize()
        guard ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 20 else { return 100 }
        return Int(size.ws_col)
    }

    /// Writes a line to standard output.
    public static func out(_ text: String) { write(text, to: 1) }

    /// Writes a line to standard error.
    public static func err(_ text: String) { write(text, to: 2) }

    /// Wraps text in a style when standard output is a terminal, and leaves it alone otherwise.
    public static func styled(_ text: String, _ style: Style) -> String {
        isStyling ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
    }

    /// The few styles that are used.
    public enum Style: Int, Sendable {
        /// Brighter or heavier.
        case bold = 1
        /// Less important.
        case dim = 2
        /// Wrong.
        case red = 31
        /// Right.
        case green = 32
        /// Needs attention.
        case yellow = 33
    }

    private static func write(_ text: String, to descriptor: Int32) {
        var bytes = Array((text + "\n").utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                if descriptor == 1 { outputLost.store(true, ordering: .relaxed) }
                return
            }
            bytes = bytes.dropFirst(count)
        }
    }
}
