import Synchronization

/// A position in the spool's files.
struct SpoolPlace: Hashable, Sendable {
    var segment: Int
    var offset: Int
}

extension Spool {
    private static let chunk = 1 << 20

    /// Up to `count` synced records after a number.
    ///
    /// A damaged record is left out, so numbers may be missing.
    func lines(after number: Int, count: Int) -> [SpoolLine] {
        let (segments, synced, known) = state.withLock { ($0.segments, $0.synced, $0.places[number]) }
        guard number < synced else { return [] }
        var index =
            segments.firstIndex { $0.first == known?.segment }
            ?? segments.lastIndex { $0.first <= number + 1 } ?? 0
        var offset =
            segments.indices.contains(index) && segments[index].first == known?.segment ? known?.offset ?? 0 : 0
        var found: [SpoolLine] = []
        while index < segments.count, found.count < count {
            let bytes = segments[index].read(from: offset, limit: Self.chunk)
            let (lines, end) = SpoolLine.scan(bytes)
            let wanted = lines.filter { $0.number > number && $0.number <= synced }.prefix(count - found.count)
            found += wanted
            if let last = wanted.last {
                remember(last.number, SpoolPlace(segment: segments[index].first, offset: offset + last.end))
            }
            if bytes.count == Self.chunk, end > 0 {
                offset += end
            } else {
                (index, offset) = (index + 1, 0)
            }
        }
        return found
    }

    private func remember(_ number: Int, _ place: SpoolPlace) {
        state.withLock { state in
            if state.places.count > 8 { state.places = [:] }
            state.places[number] = place
        }
    }
}
