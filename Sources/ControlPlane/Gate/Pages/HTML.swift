import OpsCommand

/// Markup in which nobody else's text can become markup.
///
/// Only literals of this program are markup. What is interpolated is text: control characters and marks that turn the reading
/// direction are shown as the command line shows them, and what means something to a browser is escaped, for attributes in double
/// quotes too. A `String` that is no literal cannot be made markup at all.
struct HTML: Sendable, ExpressibleByStringInterpolation {
    let markup: String

    init(stringLiteral literal: StaticString) { markup = literal.description }

    init(stringInterpolation parts: StringInterpolation) { markup = parts.markup }

    /// What stands between the quotes of such a literal.
    struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var markup = ""

        init(literalCapacity: Int, interpolationCount: Int) { markup.reserveCapacity(literalCapacity) }

        mutating func appendLiteral(_ literal: StaticString) { markup += literal.description }

        mutating func appendInterpolation(_ text: String) { markup += Markup.escaped(Terminal.clean(text)) }

        mutating func appendInterpolation(_ number: Int) { markup += String(number) }

        mutating func appendInterpolation(_ part: HTML) { markup += part.markup }

        mutating func appendInterpolation(_ parts: [HTML]) { for part in parts { markup += part.markup } }
    }
}
