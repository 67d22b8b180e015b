import Synchronization

/// The one place where samplers write and reads copy.
final class WorldStore: Sendable {
    private let world: Mutex<World>

    init(_ world: World = World()) { self.world = Mutex(world) }

    /// A copy of everything, at one moment.
    var snapshot: World { world.withLock { $0 } }

    /// Changes a part; keep it short, every sampler and read waits meanwhile.
    func update<Result: Sendable>(_ change: (inout World) -> Result) -> Result { world.withLock { change(&$0) } }
}
