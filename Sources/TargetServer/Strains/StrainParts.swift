import OpsHTTP
import OpsPostgres
import OpsService
import OpsSystem

/// What makes a process able to come under strain: nothing of it is there without a door.
struct StrainParts: Sendable {
    private let board = StrainBoard()
    private let door: String?
    private var burdens: [Strain.Kind: any Burden] = [:]
    /// Kinds for which nothing has to be taken.
    private var immediate: Set<Strain.Kind> = [.delay]

    /// - Parameter door: the path of the socket; nil where nobody may ask for anything.
    init(door: String?) { self.door = door }

    /// What a provider can come under.
    static func provider(door: String?) -> StrainParts {
        var parts = StrainParts(door: door)
        parts.immediate.insert(.wrongAmounts)
        return parts
    }

    /// What a process with a pool of connections, a number of workers and perhaps limits of its memory and its descriptors can come under.
    init(
        door: String?,
        database: ShopDatabase,
        turnstile: Turnstile,
        memory: MemoryGuard? = nil,
        descriptors: DescriptorGuard? = nil
    ) {
        self.door = door
        self.immediate = [.delay, .clock, .relief]
        self.burdens = [
            .connections: HeldPlaces { whenInside in
                // A connection that is given back within a transaction is closed by its pool.
                try? await database.pool.withConnection { connection in
                    try await connection.query("BEGIN")
                    await whenInside()
                }
            },
            .workers: HeldPlaces { whenInside in
                _ = await turnstile.pass(within: .seconds(2)) { await whenInside() }
            },
        ]
        // Without a guard nothing would end it but the kernel, and nobody's machine is put at risk.
        if let memory { self.burdens[.memory] = ForgottenPages { memory.hasRoom } }
        if let descriptors { self.burdens[.descriptors] = ForgottenDescriptors { descriptors.hasRoom } }
    }

    /// Makes requests wait; before everything else, because a slow process is slow for all of them.
    func install(in router: inout Router) {
        guard self.door != nil else { return }
        router.use(StrainDelay(board: self.board))
        router.use(StrainRelief(board: self.board))
    }

    /// The time as this process has it.
    var clock: StrainedClock { StrainedClock(board: self.board) }
    /// How many charges of a hundred are to be wrong now.
    var wrongAmounts: @Sendable () -> Int { { [board] in board.amount(.wrongAmounts) } }

    /// Whether nothing is asked for and nothing is held.
    var isAtEase: Bool { !self.board.isBusy() }

    /// Opens the door.
    func services() throws(SystemError) -> [any Service] {
        guard let door else { return [] }
        try StrainDoor(self.board, at: door, kinds: Set(self.burdens.keys).union(self.immediate)).start()
        return [StrainKeeper(self.board, self.burdens)]
    }
}
