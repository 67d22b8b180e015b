import OpsHTTP
import OpsModel
import OpsService

/// What begins faults that no person is waiting for, put together: schedules and the monkey behind one gate.
struct UnattendedFaults: Sendable {
    let services: [any Service]
    private let book: ScheduleBook
    private let monkey: Monkey
    private let latch: LatchFile

    init(injector: FaultInjector, resolver: TargetResolver, logger: Logger) throws {
        let state = injector.state
        let aborts = AbortWatching(
            injector: injector,
            load: resolver.load,
            objectives: resolver.objectives,
            logger: logger
        )
        let launcher = FaultLauncher(
            injector: injector,
            gate: OutageGate(load: resolver.load, objectives: resolver.objectives),
            aborts: aborts
        )
        self.latch = LatchFile(state: state)
        self.book = try ScheduleBook(store: ScheduleStore(state: state), launcher: launcher, logger: logger)
        self.monkey = try Monkey(
            store: MonkeyStore(state: state),
            launcher: launcher,
            resolver: resolver,
            logger: logger
        )
        self.services = [aborts, Timetable(latch: self.latch, book: self.book, monkey: self.monkey)]
    }

    /// Sees to it that nothing outlasts a kill switch that is about to be lifted again, however short it was on.
    func obeyLatch() async {
        guard let latch = self.latch.read() else { return }
        await self.book.tick(now: .now(), latch: latch)
        await self.monkey.tick(now: .now(), latch: latch)
    }

    func install(in router: inout Router) {
        ScheduleController(book: self.book).install(in: &router)
        MonkeyController(monkey: self.monkey, latch: self.latch).install(in: &router)
    }
}
