import Glibc

/// Many stories, one for each seed, on all processors.
struct Run: Sendable {
    var seeds = 0
    var steps = 0
    var strikes = 0
    var coverage = Coverage()
    /// Each promise that was broken, with the lowest seed that shows it.
    var broken: [String: UInt64] = [:]

    /// Which stories are told: the same 6,000 always, which reach whatever can be reached, and 2,000 that are others every day;
    /// or `OPSLAB_SIM_SEEDS` many, from `OPSLAB_SIM_FIRST` on.
    static var windows: [Range<UInt64>] {
        if let count = number("OPSLAB_SIM_SEEDS") {
            let first = number("OPSLAB_SIM_FIRST") ?? 1
            return [first..<first + count]
        }
        let ofToday = 10_001 + UInt64(time(nil)) / 86_400 % 100_000 * 2_000
        return [1..<6_001, ofToday..<ofToday + 2_000]
    }

    /// The one story that somebody wants to read.
    static var replayed: UInt64? { number("OPSLAB_SIM_SEED") }

    private static func number(_ name: String) -> UInt64? { getenv(name).flatMap { UInt64(String(cString: $0)) } }

    /// Tells the stories of these seeds; where a `promise` is looked for, until a story has broken it.
    static func tell(_ seeds: Range<UInt64>, mutant: Mutant? = nil, until promise: String? = nil) async -> Run {
        let parts = UInt64(max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        return await withTaskGroup(of: Run.self) { group in
            for part in 0..<parts {
                group.addTask {
                    let own = stride(from: seeds.lowerBound + part, to: seeds.upperBound, by: Int(parts))
                    return await self.part(own, mutant, promise)
                }
            }
            return await group.reduce(into: Run()) { $0.add($1) }
        }
    }

    /// Every fifth story is looked at thoroughly.
    private static func part(_ seeds: StrideTo<UInt64>, _ mutant: Mutant?, _ promise: String?) async -> Run {
        var run = Run()
        for seed in seeds {
            let coverage = mutant == nil ? Coverage(isThorough: seed.isMultiple(of: 5)) : nil
            let story = Story(seed: seed, mutant: mutant, coverage: coverage)
            run.add(story, seed)
            if let promise, story.violation?.contains(promise) == true { return run }
            await Task.yield()
        }
        return run
    }

    private mutating func add(_ story: Story, _ seed: UInt64) {
        self.seeds += 1
        steps += story.steps
        strikes += story.strikes
        if let coverage = story.coverage { self.coverage.merge(coverage) }
        if let promise = story.violation, broken[promise] == nil { broken[promise] = seed }
    }

    mutating func add(_ other: Run) {
        seeds += other.seeds
        steps += other.steps
        strikes += other.strikes
        coverage.merge(other.coverage)
        broken.merge(other.broken) { min($0, $1) }
    }
}
