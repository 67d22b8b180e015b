import Testing

/// All deciders in one seeded world, with everything that can go wrong between them.
@Suite("Worlds drawn by a seed")
struct SimulationTests {
    @Test("Every promise is kept in every world, and the worlds reach whatever can be reached")
    func sound() async {
        if let seed = Run.replayed { return replay(seed) }
        var run = Run()
        for window in Run.windows { run.add(await Run.tell(window)) }
        print("simulator: seeds \(Run.windows), \(run.steps) steps, \(run.strikes) disturbances")
        for (promise, seed) in run.broken.sorted(by: { $0.value < $1.value }) {
            print("error: seed \(seed): \(promise); replay: \(Self.replay(seed))")
            Issue.record("\(Self.shortest(seed))")
        }
        print("simulator: rarest \(Reach.rarest(in: run.coverage))")
        // Few worlds prove little, and somebody asked for them.
        guard run.seeds >= 6_000 else { return }
        let missing = Reach.missing(in: run.coverage)
        #expect(missing.isEmpty, "never reached: \(missing.joined(separator: ", "))")
    }

    @Test("Each defect put in on purpose breaks its own promise", arguments: Mutant.allCases)
    func mutantsAreCaught(_ mutant: Mutant) async throws {
        let run = await Run.tell(1..<6_001, mutant: mutant, until: mutant.promise)
        let found = run.broken.filter { $0.key.contains(mutant.promise) }
        let seed = try #require(found.values.min(), "no world shows \(mutant), only \(run.broken)")
        let story = Story(seed: seed, mutant: mutant)
        #expect(Story(seed: seed).violation == nil, "the same world without the defect is sound")
        let shrunk = Shrinking(mutant: mutant, isGentle: Story.isGentle(seed)).shortest(story)
        #expect(shrunk.violation == story.violation, "what is left out must not change what is broken")
        #expect(shrunk.moves.count < 120, "\(seed): \(shrunk.transcript.joined(separator: "\n"))")
        print("simulator: \(mutant) shows in seed \(seed), and then in \(shrunk.moves.count) moves")
    }

    @Test("The same seed tells the same story, byte for byte")
    func repeatable() {
        for seed in UInt64(1)...50 {
            let stories = (0..<2).map { _ in Story(seed: seed, isTelling: true) }
            #expect(stories[0].transcript == stories[1].transcript && !stories[0].transcript.isEmpty)
            #expect(stories[0].moves == stories[1].moves)
        }
    }

    private func replay(_ seed: UInt64) {
        print(Self.shortest(seed))
        let violation = Story(seed: seed).violation
        #expect(violation == nil)
    }

    private static func replay(_ seed: UInt64) -> String {
        "OPSLAB_SIM_SEED=\(seed) swift test --filter WorldSimulatorTests.SimulationTests/sound"
    }

    /// A seed's story, for a person to read; what does not matter to a broken promise is left out.
    private static func shortest(_ seed: UInt64) -> String {
        let story = Shrinking(mutant: nil, isGentle: Story.isGentle(seed)).shortest(Story(seed: seed, isTelling: true))
        return
            (["seed \(seed): \(story.violation ?? "nothing is broken")", "replay: \(replay(seed))"] + story.transcript)
            .joined(separator: "\n")
    }
}
