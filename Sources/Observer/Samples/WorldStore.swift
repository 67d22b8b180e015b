internal import OpsModel
import Synchronization

/// The one place where samplers write and reads copy.
final class WorldStore: Sendable {
    private struct State {
        var world: World
        var history = WorldHistory()
    }

    private let state: Mutex<State>
    /// How late whoever is judged learns of the world, in seconds.
    private let delay: @Sendable () -> Double

    init(_ world: World = World(), lateBy delay: @escaping @Sendable () -> Double = { 0 }) {
        state = Mutex(State(world: world))
        self.delay = delay
    }

    /// A copy of everything, at one moment.
    var snapshot: World { state.withLock { $0.world } }

    /// What may be known of the world now: a copy, and the moment that it shows.
    func known(at now: Timestamp) -> (world: World, asOf: Timestamp) {
        let delay = delay()
        guard delay > 0 else { return (snapshot, now) }
        let moment = now + -delay
        return (state.withLock { $0.history.world(asOf: moment) }, moment)
    }

    /// Changes a part; keep it short, every sampler and read waits meanwhile.
    func update<Result: Sendable>(_ change: (inout World) -> Result) -> Result {
        let delay = delay()
        return state.withLock { state in
            let result = change(&state.world)
            if delay > 0 { state.history.note(state.world, at: .now(), lateBy: delay) } else { state.history.forget() }
            return result
        }
    }
}
