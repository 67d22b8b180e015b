import OpsHTTP
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

    func install(in router: inout Router) {
        ScheduleController(book: self.book).install(in: &router)
        MonkeyController(monkey: self.monkey, latch: self.latch).install(in: &router)
    }
}
