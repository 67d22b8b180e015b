import OpsHTTP
import OpsPostgres
import OpsService
import OpsSystem

/// What makes a process able to come under strain: nothing of it is there without a door.
struct StrainParts: Sendable {
    private let board = StrainBoard()
    private let door: String?
    private var burdens: [Strain.Kind: any Burden] = [:]

    /// - Parameter door: the path of the socket; nil where nobody may ask for anything.
    init(door: String?) { self.door = door }

    /// What a process with a pool of connections, a number of workers and perhaps a limit of its memory can come under.
    init(door: String?, database: ShopDatabase, turnstile: Turnstile, memory: MemoryGuard? = nil) {
        self.door = door
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
    }

    /// Makes requests wait; before everything else, because a slow process is slow for all of them.
    func install(in router: inout Router) {
        if self.door != nil { router.use(StrainDelay(board: self.board)) }
    }

    /// Whether nothing is asked for and nothing is held.
    var isAtEase: Bool { !self.board.isBusy() }

    /// Opens the door.
    func services() throws(SystemError) -> [any Service] {
        guard let door else { return [] }
        try StrainDoor(self.board, at: door, kinds: Set(self.burdens.keys).union([.delay])).start()
        return [StrainKeeper(self.board, self.burdens)]
    }
}
