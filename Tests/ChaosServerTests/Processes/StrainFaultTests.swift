import ChaosClient
import Glibc
import OpsHTTP
import OpsModel
import OpsRuntime
import OpsSystem
import OpsTestKit
import OpsTrust
import Testing

@testable import ChaosServer

/// Faults within a process, with real programs of the shop under a real supervisor.
@Suite("Programs under strain", .serialized)
struct StrainFaultTests {
    private struct Shop {
        var link: TargetSupervisor
        /// Where a program serves.
        var url: [String: String]
        var socket: [String: String]
    }

    private func withShop(_ body: (ChaosLab, Shop) async throws -> Void) async throws {
        try await ChaosLab.with { lab in
            let programs = [("payments-a", "upstream"), ("payments-b", "upstream"), ("api-1", "api"), ("api-2", "api")]
            var shop = Shop(link: TargetSupervisor(lab.directory.file("supervisor.sock")), url: [:], socket: [:])
            try FileSystem.writeAtomically(
                AcceptedKeys(of: ["merchant"]).text,
                to: lab.directory.file("merchants.keys")
            )
            var sections = ""
            for (name, verb) in programs {
                let port = FreePort.take()
                shop.url[name] = "http://127.0.0.1:\(port)"
                shop.socket[name] = lab.directory.file("s-\(name).sock")
                let command = [
                    FileSystem.parent(of: executablePath()) + "/TargetServer", verb, "--listen", "127.0.0.1:\(port)",
                    "--name", name, "--strains", lab.directory.file("s-\(name).sock"), "--ledger",
                    lab.directory.path, "--cache", lab.cache, "--memory-mib", "160", "--fds", "160", "--merchant-keys",
                    lab.directory.file("merchants.keys"),
                ]
                sections +=
                    "[program:\(name)]\ncommand=\(command.joined(separator: " "))\nautorestart=false\nstartsecs=0\nstdout_logfile=NONE\nstderr_logfile=NONE\n"
            }
            try await self.supervise(lab, sections) {
                for name in programs.map(\.0) {
                    try await eventually("\(name) listens", within: .seconds(60)) {
                        FileSystem.exists(lab.directory.file("s-\(name).sock"))
                    }
                }
                try await body(lab, shop)
            }
        }
    }

    private func supervise(_ lab: ChaosLab, _ sections: String, _ body: () async throws -> Void) async throws {
        let text = """
            [unix_http_server]
            file=\(lab.directory.file("supervisor.sock"))
            [rpcinterface:supervisor]
            supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface
            [supervisord]
            nodaemon=true
            logfile=/dev/null
            logfile_maxbytes=0
            pidfile=\(lab.directory.file("supervisord.pid"))

            """ + sections
        try FileSystem.writeAtomically(text, to: lab.directory.file("supervisord.conf"))
        let quiet = try FileDescriptor(opening: "/dev/null", O_WRONLY)
        let supervisor = try Spawn(
            path: "/usr/bin/supervisord",
            arguments: ["-c", lab.directory.file("supervisord.conf")],
            environment: ["PATH": "/usr/bin:/bin"],
            directory: "/",
            standardOutput: quiet.raw
        ).start()
        withExtendedLifetime(quiet) {}
        do { try await body() } catch {
            await supervisor.stop()
            throw error
        }
        await supervisor.stop()
    }

    private func duration(of url: String) async throws -> Duration {
        let start = ContinuousClock.now
        _ = try await HTTPClient().send(HTTPClientRequest(url: "\(url)/healthz", timeout: .seconds(5), retries: 0))
        return start.duration(to: .now)
    }

    private func held(_ shop: Shop, _ program: String) throws -> [StrainState.Entry] {
        try StrainClient(socket: try #require(shop.socket[program])).look().held
    }

    @Test("A slow provider is slow for everybody, and as fast as before when the fault is over")
    func slowProvider() async throws {
        try await self.withShop { lab, shop in
            let url = try #require(shop.url["payments-a"])
            let request = FaultRequest(target: "payments", with: ["ms": 700], leaseS: 30)
            let record = try await lab.client.inject("upstream-slow", request)
            #expect(record.achieved == 700 && record.marks == [FaultMark(.strain, "payments-a")])
            #expect(try await self.duration(of: url) >= .milliseconds(700))
            #expect(try await self.duration(of: try #require(shop.url["payments-b"])) < .milliseconds(700))
            #expect(try await lab.client.revert(record.id).outcome == ["reverted": 1])
            #expect(try self.held(shop, "payments-a").isEmpty)
            #expect(try await self.duration(of: url) < .milliseconds(700))
        }
    }

    /// The cents that a provider says it charged for nine hundred.
    private func charged(at url: String, _ key: String) async throws -> Int? {
        let body: JSONValue = ["key": .string(key), "amount_cents": 900, "card": "card-1"]
        let request = HTTPClientRequest(
            method: .post,
            url: "\(url)/charges",
            headers: ["Content-Type": "application/json"],
            body: try OpsJSON.encode(body),
            key: "merchant",
            retries: 0
        )
        let answer = try await HTTPClient().send(request)
        return try answer.status == 201 ? answer.json(JSONValue.self)["amount_cents"]?.intValue : nil
    }

    @Test(
        "A provider that charges wrongly answers as ever, the other one is right, and so is it when the fault is over"
    )
    func wrongProvider() async throws {
        try await self.withShop { lab, shop in
            let (url, other) = (try #require(shop.url["payments-a"]), try #require(shop.url["payments-b"]))
            let record = try await lab.client.inject("upstream-wrong", FaultRequest(target: "payments", leaseS: 30))
            #expect(record.achieved == 100 && record.marks == [FaultMark(.strain, "payments-a")])
            #expect(try await self.charged(at: url, "wrong") == 990)
            #expect(try await self.charged(at: other, "right") == 900)
            #expect(try await lab.client.revert(record.id).outcome == ["reverted": 1])
            #expect(try self.held(shop, "payments-a").isEmpty)
            #expect(try await self.charged(at: url, "right again") == 900)
        }
    }

    private func resident(_ shop: Shop, _ program: String) throws -> Double {
        Double(try shop.link.residentBytes(of: program)) / 1_048_576
    }

    @Test("A leak is really resident in one process, as much as asked for, and leaves it when the fault is over")
    func leak() async throws {
        try await self.withShop { lab, shop in
            let before = try self.resident(shop, "api-1")
            let request = FaultRequest(target: "api", instance: "api-1", with: ["mib": 32, "rate": 64], leaseS: 30)
            let record = try await lab.client.inject("memory-leak", request)
            #expect(record.requested == 32)
            let achieved = try #require(record.achieved)
            #expect(achieved >= 32 * 0.95 && achieved <= 32 * 1.2, "\(achieved)")
            #expect(try self.resident(shop, "api-1") >= before + 32 * 0.95)
            #expect(try self.held(shop, "api-2").isEmpty)
            #expect(try await lab.client.revert(record.id).outcome == ["reverted": 1])
            #expect(try self.resident(shop, "api-1") < before + 16)
        }
    }

    @Test("Where its limit leaves less it stops below it, and the process refuses work instead of being ended")
    func leakToTheLimit() async throws {
        try await self.withShop { lab, shop in
            let url = try #require(shop.url["api-1"])
            let request = FaultRequest(target: "api", instance: "api-1", with: ["rate": 64], leaseS: 30)
            let process = try shop.link.state(of: "api-1").identity
            let record = try await lab.client.inject("memory-leak", request)
            #expect(record.requested == 256 && (record.achieved ?? 256) < 160)
            let resident = try self.resident(shop, "api-1")
            #expect(resident >= 150 && resident < 160, "\(resident)")
            let answer = try await HTTPClient().send(HTTPClientRequest(url: "\(url)/api/products/1", retries: 0))
            #expect(answer.status == 503 && answer.headers["X-Error-Code"] == "memory_short")
            #expect(try shop.link.state(of: "api-1").identity == process)
            #expect(try await lab.client.revert(record.id).outcome == ["reverted": 1])
        }
    }

    private func open(_ shop: Shop, _ program: String) throws -> Int {
        try #require(try shop.link.openDescriptors(of: program))
    }

    private func fresh(_ url: String) async throws -> Int {
        // A request that may not be repeated takes a connection of its own.
        let request = HTTPClientRequest(method: .post, url: "\(url)/api/checkout", retries: 0)
        return try await HTTPClient().send(request).status
    }

    @Test("Descriptors leak up to the limit: open connections go on, new ones are closed, files are not opened")
    func descriptorLeak() async throws {
        try await self.withShop { lab, shop in
            let url = try #require(shop.url["api-1"])
            #expect(try await self.fresh(url) < 500)
            let before = try self.open(shop, "api-1")
            let request = FaultRequest(target: "api", instance: "api-1", with: ["rate": 128], leaseS: 30)
            let process = try shop.link.state(of: "api-1").identity
            let record = try await lab.client.inject("fd-leak", request)
            #expect(record.requested == 1000 && record.marks == [FaultMark(.strain, "api-1")])
            let achieved = try #require(record.achieved)
            let open = try self.open(shop, "api-1")
            #expect(Double(open - before) >= achieved * 0.9, "\(before), \(open), \(achieved)")
            #expect(open >= 150 && open < 160, "\(open)")
            try await eventually("it says that it is not ready") {
                try await HTTPClient().send(HTTPClientRequest(url: "\(url)/ready", retries: 0)).status == 503
            }
            let list = HTTPClientRequest(url: "\(url)/api/products?page=1&per_page=20", retries: 0)
            let answer = try await HTTPClient().send(list)
            #expect(answer.status == 500 && answer.headers["X-Error-Code"] == "catalogue_unreadable")
            await #expect(throws: HTTPClientError.self) { _ = try await self.fresh(url) }
            #expect(try await self.fresh(try #require(shop.url["api-2"])) < 500)
            #expect(try self.held(shop, "api-1").count == 1 && self.held(shop, "api-2").isEmpty)
            #expect(try await lab.client.revert(record.id).outcome == ["reverted": 1])
            #expect(try self.open(shop, "api-1") < before + 16)
            #expect(try shop.link.state(of: "api-1").identity == process)
            try await eventually("new clients are let in") { (try? await self.fresh(url)) != nil }
        }
    }

    private func clock(_ url: String) async throws -> Double {
        let answer = try await HTTPClient().send(HTTPClientRequest(url: "\(url)/healthz", retries: 0))
        return try #require(answer.headers["Date"].flatMap { HTTPDate.parse($0) }) - .now()
    }

    @Test("A clock that is off is off in every answer of one instance, and right again when the fault is over")
    func clockJump() async throws {
        try await self.withShop { lab, shop in
            let url = try #require(shop.url["api-1"])
            let request = FaultRequest(target: "api", instance: "api-1", with: ["seconds": 120], leaseS: 30)
            let record = try await lab.client.inject("clock-jump", request)
            #expect(record.achieved == 120 && record.marks == [FaultMark(.strain, "api-1")])
            let off = try await self.clock(url)
            #expect(off > 117 && off <= 120, "\(off)")
            #expect(abs(try await self.clock(try #require(shop.url["api-2"]))) < 3)
            #expect(try await lab.client.revert(record.id).outcome == ["reverted": 1])
            #expect(abs(try await self.clock(url)) < 3)
        }
    }

    @Test("The strain ends with its holder, whoever kills it, and nothing is left to undo")
    func killedHolder() async throws {
        try await self.withShop { lab, shop in
            let record = try await lab.client.inject(
                "upstream-slow",
                FaultRequest(target: "payments", with: ["ms": 500], leaseS: 60)
            )
            let holder = try #require(try FaultStore(state: lab.state).file(record.id)?.holder)
            ProcessHandle(holder)?.signal(SIGKILL)
            try await eventually("nothing is held", within: .seconds(2)) { try self.held(shop, "payments-a").isEmpty }
            try await eventually("the fault is over") { try await lab.client.fault(record.id).endedAt != nil }
            #expect(try await lab.client.fault(record.id).outcome == ["reverted": 1])
        }
    }

    @Test("A holder that only stands still loses it within seconds")
    func stoppedHolder() async throws {
        try await self.withShop { lab, shop in
            let record = try await lab.client.inject(
                "upstream-slow",
                FaultRequest(target: "payments", with: ["ms": 500], leaseS: 60)
            )
            let holder = try #require(try FaultStore(state: lab.state).file(record.id)?.holder)
            ProcessHandle(holder)?.signal(SIGSTOP)
            try await eventually("nothing is held", within: .seconds(5)) { try self.held(shop, "payments-a").isEmpty }
        }
    }

    @Test("A restart by anybody is the repair: it does not come back, and the undo has nothing to do")
    func restarted() async throws {
        try await self.withShop { lab, shop in
            let record = try await lab.client.inject(
                "api-slow",
                FaultRequest(target: "api", instance: "api-1", with: ["ms": 300], leaseS: 60)
            )
            try shop.link.stop("api-1")
            try FileSystem.remove(try #require(shop.socket["api-1"]))
            try shop.link.start("api-1")
            try await eventually("it listens") { (try? self.held(shop, "api-1")) != nil }
            try await eventually("the holder saw it") { try lab.hasLine("released", about: record.id) }
            #expect(try self.held(shop, "api-1").isEmpty)
            #expect(try await lab.client.revert(record.id).state == .superseded)
        }
    }

    @Test("While the process stands still its undo is pending, and done when it goes on")
    func frozen() async throws {
        try await self.withShop { lab, shop in
            let record = try await lab.client.inject(
                "api-slow",
                FaultRequest(target: "api", instance: "api-1", with: ["ms": 300], leaseS: 60)
            )
            let process = try #require(try shop.link.state(of: "api-1").identity)
            ProcessHandle(process)?.signal(SIGSTOP)
            #expect(try await lab.client.revert(record.id).state == .pending)
            ProcessHandle(process)?.signal(SIGCONT)
            try await eventually("it is clean") { try await lab.client.fault(record.id).state == .reverted }
            #expect(try self.held(shop, "api-1").isEmpty)
        }
    }

    @Test("A second fault of one process is refused, and so is a program that nobody built for it")
    func refused() async throws {
        try await self.withShop { lab, shop in
            let slow = FaultRequest(target: "api", instance: "api-1", with: ["ms": 300], leaseS: 30)
            let first = try await lab.client.inject("api-slow", slow)
            await #expect(throws: (any Error).self) { try await lab.client.inject("api-stuck", slow) }
            await #expect(throws: (any Error).self) {
                try await lab.client.inject(
                    "api-slow",
                    FaultRequest(target: "api", instance: "api-2", with: ["ms": 0], leaseS: 30)
                )
            }
            #expect(try self.held(shop, "api-1").count == 1 && self.held(shop, "api-2").isEmpty)
            _ = try await lab.client.revert(first.id)
        }
    }
}
