/// The volume of the printed catalogue that a product stands in, written in strokes: one for each volume, and a hook behind those
/// that are sold out.
struct PrintedVolume: Hashable, Sendable {
    private static let stroke = UInt8(ascii: "I")
    private static let hook = UInt8(ascii: "V")
    private static let productsPerVolume = 64

    let mark: [UInt8]

    init(product: Int) { mark = Array(repeating: Self.stroke, count: max(0, product / Self.productsPerVolume)) }

    init(mark: String) { self.mark = Array(mark.utf8) }

    /// Whether the mark is groups of strokes with a hook behind them, `(I+)+V`.
    ///
    /// Every way to part the strokes into groups is tried, and there are twice as many with each stroke more. What is left of
    /// `limit`, a number of tries, is what this may cost at most; nil when that was not enough.
    func isSoldOut(within limit: inout Int) -> Bool? { match(groupsFrom: 0, &limit) }

    private func match(groupsFrom start: Int, _ limit: inout Int) -> Bool? {
        var end = start
        while end < mark.count, mark[end] == Self.stroke {
            end += 1
            limit -= 1
            guard limit > 0 else { return nil }
            if end < mark.count, mark[end] == Self.hook { return true }
            guard let isFound = match(groupsFrom: end, &limit) else { return nil }
            if isFound { return true }
        }
        return false
    }
}
