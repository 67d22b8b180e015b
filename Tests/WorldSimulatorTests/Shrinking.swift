/// Leaves moves out of a story for as long as it still breaks the same promise.
struct Shrinking {
    let mutant: Mutant?
    let isGentle: Bool

    func shortest(_ story: Story) -> Story {
        guard let promise = story.violation else { return story }
        var best = story.moves
        var length = max(best.count / 2, 1)
        while true {
            var start = 0
            var isShorter = false
            while start < best.count {
                var rest = best
                rest.removeSubrange(start..<min(start + length, best.count))
                let tried = Story(moves: rest, isGentle: isGentle, mutant: mutant)
                if tried.violation == promise {
                    best = tried.moves
                    isShorter = true
                } else {
                    start += length
                }
            }
            if length == 1, !isShorter { break }
            length = max(length / 2, 1)
        }
        return Story(moves: best, isGentle: isGentle, mutant: mutant, isTelling: true)
    }
}
