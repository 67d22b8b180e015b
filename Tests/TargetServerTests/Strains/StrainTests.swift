import OpsHTTP
import OpsModel
import OpsPostgres
import OpsService
import OpsSystem
import OpsTestKit
import Testing

@testable import TargetServer

@Suite("Strains of an api instance", .serialized)
struct StrainTests {
    private func strain(_ kind: Strain.Kind, _ amount: Int, seconds: Double = 5) -> StrainRequest {
        StrainRequest(set: Strain(token: "one", kind: kind, amount: amount, seconds: seconds))
    }

    private func withStrains(_ body: (ShopFixture, LineExchange) async throws -> Void) async throws {
        try await ShopFixture.with { shop in
            let services = try shop.strains.services()
            let running = Task {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for service in services { group.addTask { try await service.run() } }
                    try await group.waitForAll()
                }
            }
            defer { running.cancel() }
            try await body(shop, try LineExchange(connectingTo: shop.directory.file("strains.sock")))
        }
    }

    private func ask(_ line: LineExchange, _ request: StrainRequest = StrainRequest()) throws -> StrainAnswer {
        try OpsJSON.decode(StrainAnswer.self, from: line.ask(OpsJSON.encode(request), within: .seconds(5)))
    }

    /// A caller that hangs up when it returns.
    private func askOnce(_ shop: ShopFixture) throws -> StrainAnswer {
        try self.ask(LineExchange(connectingTo: shop.directory.file("strains.sock")))
    }

    @Test("A relief turns requests away whoever hangs up, and ends by itself")
    func relief() async throws {
        try await self.withStrains { shop, _ async throws in
            let once = try self.ask(
                LineExchange(connectingTo: shop.directory.file("strains.sock")),
                self.strain(.relief, 80, seconds: 2)
            )
            #expect(once.error == nil && once.held.map(\.reached) == [80])
            let answers = try await self.answers(shop, 10)
            #expect(answers.count { $0 == 503 } >= 6, "\(answers)")
            let end = ContinuousClock.now + .seconds(10)
            while try await self.answers(shop, 5) != [200, 200, 200, 200, 200] {
                try #require(ContinuousClock.now < end)
            }
            try await eventually("it is over") { try self.askOnce(shop).held.isEmpty }
        }
    }

    private func answers(_ shop: ShopFixture, _ count: Int) async throws -> [Int] {
        var statuses: [Int] = []
        for _ in 0..<count { statuses.append(try await shop.get("/api/products?page=1").status) }
        return statuses
    }

    @Test("A relief falls evenly in the second half of its time")
    func reliefFalls() {
        let board = StrainBoard()
        #expect(board.set(Strain(token: "one", kind: .relief, amount: 80, seconds: 20), owner: 1, now: 0) == nil)
        board.end(owner: 1)
        let shares = [1, 10, 15, 20, 21].map { board.relief(now: UInt64($0) * 1_000_000_000) }
        #expect(shares == [0.8, 0.8, 0.4, 0, 0])
        #expect(board.set(Strain(token: "two", kind: .relief, amount: 80, seconds: 31), owner: 1) != nil)
        #expect(board.set(Strain(token: "two", kind: .relief, amount: 96, seconds: 3), owner: 1) != nil)
    }

    @Test("Requests wait as long as asked for, and not a moment after it was ended")
    func delay() async throws {
        try await self.withStrains { shop, line in
            let answer = try self.ask(line, self.strain(.delay, 300))
            #expect(answer.held.map(\.reached) == [300] && answer.error == nil)
            let start = ContinuousClock.now
            #expect(try await shop.get("/api/products/10").status == 200)
            #expect(start.duration(to: .now) >= .milliseconds(300))
            #expect(try self.ask(line, StrainRequest(end: "one")).held.isEmpty)
            #expect(shop.strains.isAtEase)
        }
    }

    @Test("A pool loses its connections, its callers find none, and all come back when the caller hangs up")
    func connections() async throws {
        try await self.withStrains { shop, line in
            let limit = shop.environment.database.pool
            _ = try self.ask(line, self.strain(.connections, 1_000))
            try await eventually("all connections are lent") { shop.database.pool.statistics.inUse == limit }
            try await eventually("they are counted") { try self.askOnce(shop).reached["connections"] == limit }
            #expect(try await shop.get("/api/products/10").status == 503)
            // The others wait for a connection as well, but no more than a few of them.
            #expect(shop.database.pool.statistics.waiting <= 4)
            _ = try self.ask(line, StrainRequest(end: "one"))
            try await eventually("all came back") { shop.database.pool.statistics.inUse == 0 }
            #expect(try await shop.get("/api/products/10").status == 200)
            let left =
                "SELECT count(*) AS n FROM pg_stat_activity WHERE state = 'idle in transaction' AND datname = current_database()"
            #expect(try await shop.number(left) == 0)
        }
    }

    @Test("Workers that wait for each other take no orders, and the rest goes on")
    func workers() async throws {
        try await self.withStrains { shop, line in
            _ = try self.ask(line, self.strain(.workers, 1_000))
            try await eventually("all are taken") { try self.askOnce(shop).reached["workers"] == 7 }
            #expect(try await shop.get("/api/products/10").status == 200)
            #expect(try await shop.buy(ProviderFixture.plainKey(2)).status == 503)
            _ = try self.ask(line, StrainRequest(end: "one"))
            try await eventually("all came back") { try self.askOnce(shop).reached.isEmpty }
            #expect(try await shop.buy(ProviderFixture.plainKey(3)).status == 201)
        }
    }

    @Test("Memory is taken until there is no room, and given back when nobody asks for it any more")
    func memory() async throws {
        try await self.withStrains { shop, line in
            let before = MemoryGuard.residentBytes()
            _ = try self.ask(line, self.strain(.memory, 64))
            try await eventually("all of it is taken") { try self.askOnce(shop).reached["memory"] == 64 }
            #expect(MemoryGuard.residentBytes() > before + 48 << 20)  // other tests give back theirs meanwhile
            shop.resident.value = 96 << 20
            _ = try self.ask(line, self.strain(.memory, 200))
            try await Task.sleep(for: .milliseconds(200))
            #expect(try self.askOnce(shop).reached["memory"] == 64)
            _ = try self.ask(line, StrainRequest(end: "one"))
            try await eventually("all came back") { try self.askOnce(shop).reached.isEmpty }
        }
    }

    @Test("Descriptors are opened until there is no room, and closed when nobody asks for it any more")
    func descriptors() async throws {
        try await self.withStrains { shop, line in
            let before = DescriptorGuard.openDescriptors()
            _ = try self.ask(line, self.strain(.descriptors, 200))
            try await eventually("all of them are open") { try self.askOnce(shop).reached["descriptors"] == 200 }
            #expect(DescriptorGuard.openDescriptors() > before + 150)  // other tests close theirs meanwhile
            shop.opened.value = 243
            _ = try self.ask(line, self.strain(.descriptors, 400))
            try await Task.sleep(for: .milliseconds(200))
            #expect(try self.askOnce(shop).reached["descriptors"] == 200)
            _ = try self.ask(line, StrainRequest(end: "one"))
            try await eventually("all are closed") { try self.askOnce(shop).reached.isEmpty }
            #expect(DescriptorGuard.openDescriptors() < before + 150)
        }
    }

    @Test("A clock that is off is off for everybody outside: the provider refuses what says a time of its own")
    func clock() async throws {
        try await self.withStrains { shop, line in
            #expect(try await shop.buy(ProviderFixture.plainKey(20)).status == 201)
            let answer = try self.ask(line, self.strain(.clock, 300))
            #expect(answer.held.map(\.reached) == [300] && answer.error == nil)
            let off = try #require(shop.strains.clock.shifted) - .now()
            #expect(off > 295 && off <= 300, "\(off)")
            let refused = try await shop.buy(ProviderFixture.plainKey(21))
            #expect(refused.status == 502 && refused.document["code"] == "payment_failed")
            #expect(try await shop.get("/api/products/10").status == 200)
            _ = try self.ask(line, self.strain(.clock, 20))
            #expect(try await shop.buy(ProviderFixture.plainKey(22)).status == 201)
            _ = try self.ask(line, StrainRequest(end: "one"))
            #expect(shop.strains.clock.shifted == nil && shop.strains.isAtEase)
            #expect(try await shop.buy(ProviderFixture.plainKey(23)).status == 201)
        }
    }

    @Test("An instance that charges nobody cannot be asked to charge wrongly")
    func wrongAmounts() async throws {
        try await self.withStrains { _, line in
            let answer = try self.ask(line, self.strain(.wrongAmounts, 50))
            #expect(answer.error == "kind: this process does not have it" && answer.held.isEmpty)
        }
    }

    @Test("It ends with the connection that asked for it")
    func hangUp() async throws {
        try await self.withStrains { shop, line in
            do {
                let other = try LineExchange(connectingTo: shop.directory.file("strains.sock"))
                #expect(try self.ask(other, self.strain(.delay, 10, seconds: 10)).held.count == 1)
                #expect(try self.ask(line).held.map(\.token) == ["one"])
            }
            try await eventually("nothing is held") { try self.ask(line).held.isEmpty }
        }
    }

    @Test("What is asked for is checked, and a door that heard nonsense goes on")
    func nonsense() async throws {
        try await self.withStrains { shop, line in
            let bad = [
                Strain(token: "", kind: .delay, amount: 10, seconds: 1),
                Strain(token: "a b", kind: .delay, amount: 10, seconds: 1),
                Strain(token: String(repeating: "a", count: 65), kind: .delay, amount: 10, seconds: 1),
                Strain(token: "a", kind: .delay, amount: 0, seconds: 1),
                Strain(token: "a", kind: .delay, amount: 30_001, seconds: 1),
                Strain(token: "a", kind: .workers, amount: 10, seconds: 0.1),
                Strain(token: "a", kind: .workers, amount: 10, seconds: 11),
                Strain(token: "a", kind: .memory, amount: 257, seconds: 1),
            ]
            for strain in bad { #expect(try self.ask(line, StrainRequest(set: strain)).error != nil, "\(strain)") }
            let answer = try OpsJSON.decode(
                StrainAnswer.self,
                from: line.ask(Array("not json".utf8), within: .seconds(5))
            )
            #expect(answer.error == "not understood")
            let long = try LineExchange(connectingTo: shop.directory.file("strains.sock"))
            #expect(throws: SystemError.self) {
                try long.ask([UInt8](repeating: UInt8(ascii: "x"), count: 5_000), within: .seconds(5))
            }
            for number in 0..<StrainBoard.most {
                let strain = Strain(token: "t\(number)", kind: .delay, amount: 1, seconds: 5)
                #expect(try self.ask(line, StrainRequest(set: strain)).error == nil)
            }
            #expect(try self.ask(line, self.strain(.delay, 1)).error != nil)
            #expect(try self.ask(line).held.count == StrainBoard.most)
        }
    }
}

@Suite("What strains are on")
struct StrainBoardTests {
    @Test("One that nobody asks for again is over when its time is; asking again prolongs it")
    func time() {
        let board = StrainBoard()
        let strain = Strain(token: "a", kind: .delay, amount: 50, seconds: 2)
        #expect(board.set(strain, owner: 1, now: 0) == nil)
        #expect(board.amount(.delay, now: 1_900_000_000) == 50)
        #expect(board.set(strain, owner: 1, now: 1_900_000_000) == nil)
        #expect(board.amount(.delay, now: 3_800_000_000) == 50)
        #expect(board.isBusy(now: 3_800_000_000))
        #expect(board.amount(.delay, now: 3_900_000_000) == 0)
        #expect(!board.isBusy(now: 3_900_000_000))
    }

    @Test("The largest of several counts, and ending one leaves the others")
    func several() {
        let board = StrainBoard()
        for (token, amount, owner) in [("a", 10, 1), ("b", 30, 2), ("c", 20, 1)] {
            #expect(
                board.set(Strain(token: token, kind: .delay, amount: amount, seconds: 5), owner: owner, now: 0) == nil
            )
        }
        #expect(board.amount(.delay, now: 1) == 30)
        board.end(owner: 2)
        #expect(board.amount(.delay, now: 1) == 20)
        board.end(token: "c")
        #expect(board.amount(.delay, now: 1) == 10)
        #expect(board.amount(.workers, now: 1) == 0)
    }

    @Test("What needs nothing to be taken is there at once, and nothing is left when it ends")
    func immediate() {
        let board = StrainBoard()
        let strain = Strain(token: "a", kind: .wrongAmounts, amount: 70, seconds: 5)
        #expect(board.set(strain, owner: 1, now: 0) == nil)
        #expect(board.amount(.wrongAmounts, now: 1) == 70 && board.answer(now: 1).held.map(\.reached) == [70])
        board.end(token: "a")
        #expect(!board.isBusy(now: 1) && board.answer(now: 1).held.isEmpty)
        #expect(Strain(token: "a", kind: .wrongAmounts, amount: 101, seconds: 5).problem != nil)
    }

    @Test("What is still being given back counts as in force")
    func reached() {
        let board = StrainBoard()
        board.note(.connections, reached: 3)
        #expect(board.isBusy(now: 0))
        #expect(board.answer(now: 0).reached == ["connections": 3])
        board.note(.connections, reached: 0)
        #expect(!board.isBusy(now: 0) && board.answer(now: 0).reached.isEmpty)
    }
}
