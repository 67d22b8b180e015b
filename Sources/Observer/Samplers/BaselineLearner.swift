internal import OpsModel

/// Learns once a second what is usual, as long as the customers are well.
struct BaselineLearner: Sendable {
    let map: TargetMap
    let store: WorldStore

    func sample(_ tick: Tick) {
        guard !tick.isStarved else { return }
        let world = store.snapshot
        guard world.isCalm(at: tick.at) else { return }
        let figures = journeys(world, tick.at) + probes(world) + calls(world, tick.at)
        store.update { world in
            for (figure, value) in figures { world.baselines.learn(figure, value) }
        }
    }

    private func journeys(_ world: World, _ now: Timestamp) -> [(String, Double)] {
        world.journeys.values.flatMap { watch -> [(String, Double)] in
            let status = watch.status(seconds: 5, now: now)
            guard status.good + status.bad > 0 else { return [] }
            let rate = Double(status.good + status.bad) / 5
            return [
                (BaselineFigure.journeyRate(watch.name), rate),
                (BaselineFigure.journeyP99(watch.name), status.p99Ms ?? 0),
            ]
        }
    }

    private func probes(_ world: World) -> [(String, Double)] {
        world.probes.compactMap { path, history in
            let sample = history.newest
            guard sample.value.result == ProbeWord.ok.rawValue, let latency = sample.value.latencyMs else { return nil }
            return (BaselineFigure.probe(path), latency)
        }
    }

    private func calls(_ world: World, _ now: Timestamp) -> [(String, Double)] {
        let evaluator = ReadEvaluator(map: map, world: world, now: now)
        let answer = evaluator.answer(ReadQuery(read: ReadName.callLatency.rawValue))
        return answer.rows.compactMap { row in
            guard let from = row["from"]?.stringValue, let to = row["to"]?.stringValue,
                let mean = row["mean_ms"]?.doubleValue
            else { return nil }
            return (BaselineFigure.call(from, to), mean)
        }
    }
}
