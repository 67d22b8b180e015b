import Glibc
import OpsModel
import OpsRuntime
import OpsSystem
import OpsTestKit
import Testing

@testable import ChaosServer

/// The program in an instance's network, in a network namespace of its own with one interface.
@Suite("Ways out of a network namespace", .serialized)
struct LinkProgramTests {
    /// Whose packets are dropped: those of everybody in the namespace, or those from one address.
    enum Scope: CaseIterable, Sendable {
        case everybody
        case oneAddress

        var words: String { self == .everybody ? "" : " --table opslab-x --source 127.0.0.11" }
    }

    private struct Namespace {
        let socket: String
        let process: ChildProcess

        var client: LinkClient {
            LinkClient(
                place: LinkPlace(supervisor: "/nowhere", instance: "api-1", program: "api-1-net", socket: self.socket)
            )
        }

        func run(_ words: [String]) async throws {
            let output = try await OpsSystem.run(
                "/usr/bin/nsenter",
                ["--target", "\(self.process.pid)", "--user", "--preserve-credentials", "--net", "--"] + words,
                environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"],
                within: .seconds(10)
            )
            #expect(output.status.isSuccess, "\(words): \(output.errorText)")
        }

        /// What becomes of connections from an address in there: nobody listens, so each is refused unless it is lost.
        func connections(_ count: Int = 1, from source: String, to port: Int) async throws -> [String] {
            let script = """
                import socket
                for _ in range(\(count)):
                    try: socket.create_connection(("127.0.0.1", \(port)), 0.3, ("\(source)", 0))
                    except Exception as error: print(type(error).__name__)
                """
            return try await OpsSystem.run(
                "/usr/bin/nsenter",
                ["--target", "\(self.process.pid)", "--user", "--preserve-credentials", "--net", "--"]
                    + ["/usr/bin/python3", "-c", script],
                environment: ["PATH": "/usr/bin:/bin"],
                within: .seconds(30)
            ).text.split(separator: "\n").map(String.init)
        }

        func post(_ path: String, _ body: String) throws -> Int {
            try BlockingExchange(socket: self.socket, limit: .seconds(5))
                .post(path, Array(body.utf8), type: "application/json").status
        }
    }

    private func withNamespace(
        _ scope: Scope = .everybody,
        _ body: (Namespace) async throws -> Void
    ) async throws {
        let folder = try TemporaryDirectory()
        let socket = folder.file("net.sock")
        let link = "ip link add out0 type veth peer name out1 && ip link set lo up"
        let start = "\(link) && exec \(ChaosLab.program) link --socket \(socket)\(scope.words)"
        let process = try Spawn(
            path: "/usr/bin/unshare",
            arguments: ["--user", "--map-root-user", "--net", "/bin/sh", "-c", start],
            environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"],
            directory: "/"
        ).start()
        let namespace = Namespace(socket: socket, process: process)
        do {
            try await eventually("it answers", within: .seconds(60)) { (try? namespace.client.state()) != nil }
            try await body(namespace)
        } catch {
            await process.stop()
            throw error
        }
        await process.stop()
    }

    private let closing = LinkClosing(token: "f1", ways: ["10.77.0.2:80", "10.77.0.3:81"], seconds: 1)

    @Test(
        "What is closed is in the kernel's list, and open again when its time is over, with nobody asking for it",
        arguments: Scope.allCases
    )
    func expiry(_ scope: Scope) async throws {
        try await self.withNamespace(scope) { namespace in
            #expect(try namespace.client.state() == LinkState(isCurrent: true, closed: []))
            let state = try #require(try namespace.client.close(self.closing))
            #expect(Set(state.closed.map(\.address)) == ["10.77.0.2", "10.77.0.3"])
            #expect(state.closed.allSatisfy { $0.token == "f1" })
            try await eventually("the kernel opens it", within: .seconds(5)) {
                try namespace.client.state()?.closed.isEmpty == true
            }
        }
    }

    @Test("Asked for again it lasts longer, and what somebody else closed stays closed", arguments: Scope.allCases)
    func renewal(_ scope: Scope) async throws {
        try await self.withNamespace(scope) { namespace in
            var other = LinkClosing(token: "f2", ways: ["10.77.0.9:80"], seconds: 10)
            _ = try namespace.client.close(other)
            let end = BootClock.now() + 2_000_000_000
            while BootClock.now() < end {
                #expect(try namespace.client.close(self.closing)?.closed.count == 3)
            }
            #expect(try namespace.client.open("f1")?.closed.map(\.token) == ["f2"])
            other.seconds = 0.5
            #expect(try namespace.client.close(other)?.closed.count == 1)
        }
    }

    @Test("After its undo a token closes nothing, whatever was still on its way", arguments: Scope.allCases)
    func fence(_ scope: Scope) async throws {
        try await self.withNamespace(scope) { namespace in
            _ = try namespace.client.close(self.closing)
            #expect(try namespace.client.fence("f1")?.closed.count == 2)
            #expect(throws: ChaosError.self) { try namespace.client.close(self.closing) }
            #expect(try namespace.client.open("f1")?.closed == [])
            #expect(throws: ChaosError.self) { try namespace.client.close(self.closing) }
            #expect(try namespace.client.state()?.closed == [])
        }
    }

    @Test(
        "An undo finds what is there: ours is opened, nothing is clean, and it may run twice",
        arguments: Scope.allCases
    )
    func undo(_ scope: Scope) async throws {
        try await self.withNamespace(scope) { namespace in
            let change = LinkChange(place: namespace.client.place, ways: self.closing.ways, token: "f1")
            func undo() throws -> EffectOutcome {
                try change.compareAndRevert { change.comparison.decide(live: $0, claim: nil) }
            }
            _ = try namespace.client.close(change.closing)
            #expect(try undo() == .reverted)
            #expect(try undo() == .alreadyClean)
        }
    }

    @Test("Packets are lost on a way that is closed, and from the own address alone where others are there, too")
    func packets() async throws {
        let (refused, lost) = (["ConnectionRefusedError"], ["TimeoutError"])
        for scope in Scope.allCases {
            try await self.withNamespace(scope) { namespace in
                #expect(try await namespace.connections(from: "127.0.0.11", to: 9) == refused)
                _ = try namespace.client.close(LinkClosing(token: "f1", ways: ["127.0.0.1:9"], seconds: 10))
                #expect(try await namespace.connections(from: "127.0.0.11", to: 9) == lost)
                #expect(try await namespace.connections(from: "127.0.0.11", to: 10) == refused)
                let other = scope == .oneAddress ? refused : lost
                #expect(try await namespace.connections(from: "127.0.0.12", to: 9) == other)
                _ = try namespace.client.open("f1")
                #expect(try await namespace.connections(from: "127.0.0.11", to: 9) == refused)
            }
        }
    }

    @Test("A way that loses a share loses about that many, and none when it is open again", arguments: Scope.allCases)
    func share(_ scope: Scope) async throws {
        try await self.withNamespace(scope) { namespace in
            let closing = LinkClosing(token: "f1", ways: ["127.0.0.1:9"], seconds: 10, impairment: .loss(percent: 50))
            let state = try #require(try namespace.client.close(closing))
            #expect(state.closed.map(\.impairment) == [.loss(percent: 50)])
            // Fewer than 2 or more than 28 of 30: once in ten million runs.
            let lost = try await namespace.connections(30, from: "127.0.0.11", to: 9).count { $0 == "TimeoutError" }
            #expect((2...28).contains(lost))
            #expect(try namespace.client.open("f1")?.closed == [])
            let after = try await namespace.connections(30, from: "127.0.0.11", to: 9)
            #expect(after.allSatisfy { $0 == "ConnectionRefusedError" } && after.count == 30)
        }
    }

    @Test(
        "What no rule can do to a way is unsupported, and leaves it open",
        arguments: [.delay(ms: 400, jitter: 0), .rate(kib: 8), .reset(percent: 30)] as [Impairment]
    )
    func beyondRules(_ impairment: Impairment) async throws {
        try await self.withNamespace { namespace in
            var closing = self.closing
            closing.impairment = impairment
            let error = #expect(throws: ChaosError.self) { try namespace.client.close(closing) }
            #expect(error?.code == .unsupported)
            let state = try namespace.client.state()
            #expect(state?.closed == [])
        }
    }

    @Test("Where it may make no rule nothing is closed, and whoever asks is told why")
    func unsupported() async throws {
        let folder = try TemporaryDirectory()
        let socket = folder.file("net.sock")
        // In a user namespace without a network of its own nobody has a right to this one.
        let process = try Spawn(
            path: "/usr/bin/unshare",
            arguments: [
                "--user", "--map-root-user", ChaosLab.program, "link", "--socket", socket, "--table", "opslab-none",
            ],
            environment: ["PATH": "/usr/bin:/bin"],
            directory: "/"
        ).start()
        let place = LinkPlace(supervisor: "/nowhere", instance: "api-1", program: nil, socket: socket)
        let client = LinkClient(place: place)
        try await eventually("it answers", within: .seconds(60)) { (try? client.state()) != nil }
        #expect(try client.state()?.closed == [])
        #expect {
            try client.close(self.closing)
        } throws: {
            ($0 as? ChaosError)?.code == .unsupported
        }
        #expect(try client.open("f1")?.closed == [])
        await process.stop()
    }

    @Test("Where nobody has listened for as long as anything can stay closed, an undo has nothing to do")
    func absent() throws {
        let folder = try TemporaryDirectory()
        let place = LinkPlace(supervisor: "/nowhere", instance: "api-1", program: nil, socket: folder.file("net.sock"))
        let change = LinkChange(place: place, ways: self.closing.ways, token: "f1")
        let begin = BootClock.now()
        let outcome = try change.compareAndRevert { change.comparison.decide(live: $0, claim: nil) }
        #expect(outcome == .alreadyClean)
        #expect(BootClock.now() - begin > 2_900_000_000)
    }

    @Test("Whoever takes over says with its first word what the one before it left closed", arguments: Scope.allCases)
    func takingOver(_ scope: Scope) async throws {
        try await self.withNamespace(scope) { namespace in
            var closing = self.closing
            closing.seconds = 10
            _ = try namespace.client.close(closing)
            let socket = "\(namespace.socket).next"
            let words = scope.words.split(separator: " ").map(String.init)
            let next = try Spawn(
                path: "/usr/bin/nsenter",
                arguments: [
                    "--target", "\(namespace.process.pid)", "--user", "--preserve-credentials", "--net", "--",
                    ChaosLab.program, "link", "--socket", socket,
                ] + words,
                environment: ["PATH": "/usr/bin:/bin"],
                directory: "/"
            ).start()
            let client = LinkClient(
                place: LinkPlace(supervisor: "/nowhere", instance: "api-1", program: nil, socket: socket)
            )
            var first: LinkState?
            try await eventually("it answers", within: .seconds(60)) {
                first = try? client.state()
                return first != nil
            }
            #expect(first?.closed.count == 2)
            #expect(try client.open("f1")?.closed == [])
            await next.stop()
        }
    }

    @Test("Left behind by its instance it says so, and closes nothing")
    func leftBehind() async throws {
        try await self.withNamespace { namespace in
            _ = try namespace.client.close(self.closing)
            try await namespace.run(["ip", "link", "delete", "out0"])
            let change = LinkChange(place: namespace.client.place, ways: self.closing.ways, token: "f1")
            let state = try #require(try namespace.client.state())
            #expect(!state.isCurrent && !change.isHeld(in: state))
        }
    }

    @Test("Nonsense is refused and changes nothing")
    func nonsense() async throws {
        try await self.withNamespace { namespace in
            let calls = [
                ("/close", ""), ("/close", "{"), ("/close", "[]"), ("/close", #"{"token":"f1"}"#),
                ("/close", #"{"token":"a\"b","ways":["a:1"],"seconds":1}"#),
                ("/close", #"{"token":"f1","ways":["a;flush ruleset:1"],"seconds":1}"#),
                ("/close", #"{"token":"f1","ways":["10.0.0.1:1"],"seconds":3600}"#), ("/open", #"{"token":"a b"}"#),
                ("/fence", "{}"),
            ]
            for (path, body) in calls {
                let status = try namespace.post(path, body)
                #expect(status == 422, "\(path) \(body)")
            }
            let elsewhere = try namespace.post("/elsewhere", "{}")
            #expect(elsewhere == 404)
            #expect(try namespace.client.state() == LinkState(isCurrent: true, closed: []))
        }
    }
}
