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

        func post(_ path: String, _ body: String) throws -> Int {
            try BlockingExchange(socket: self.socket, limit: .seconds(5))
                .post(path, Array(body.utf8), type: "application/json").status
        }
    }

    private func withNamespace(_ body: (Namespace) async throws -> Void) async throws {
        let folder = try TemporaryDirectory()
        let socket = folder.file("net.sock")
        let start = "ip link add out0 type veth peer name out1 && exec \(ChaosLab.program) link --socket \(socket)"
        let process = try Spawn(
            path: "/usr/bin/unshare",
            arguments: ["--user", "--map-root-user", "--net", "/bin/sh", "-c", start],
            environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"],
            directory: "/"
        ).start()
        let namespace = Namespace(socket: socket, process: process)
        do {
            try await eventually("it answers") { (try? namespace.client.state()) != nil }
            try await body(namespace)
        } catch {
            await process.stop()
            throw error
        }
        await process.stop()
    }

    private let closing = LinkClosing(token: "f1", ways: ["10.77.0.2:80", "10.77.0.3:81"], seconds: 1)

    @Test("What is closed is in the kernel's list, and open again when its time is over, with nobody asking for it")
    func expiry() async throws {
        try await self.withNamespace { namespace in
            #expect(try namespace.client.state() == LinkState(isCurrent: true, closed: []))
            let state = try #require(try namespace.client.close(self.closing))
            #expect(Set(state.closed.map(\.address)) == ["10.77.0.2", "10.77.0.3"])
            #expect(state.closed.allSatisfy { $0.token == "f1" })
            try await eventually("the kernel opens it", within: .seconds(5)) {
                try namespace.client.state()?.closed.isEmpty == true
            }
        }
    }

    @Test("Asked for again it lasts longer, and what somebody else closed stays closed")
    func renewal() async throws {
        try await self.withNamespace { namespace in
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

    @Test("After its undo a token closes nothing, whatever was still on its way")
    func fence() async throws {
        try await self.withNamespace { namespace in
            _ = try namespace.client.close(self.closing)
            #expect(try namespace.client.fence("f1")?.closed.count == 2)
            #expect(throws: ChaosError.self) { try namespace.client.close(self.closing) }
            #expect(try namespace.client.open("f1")?.closed == [])
            #expect(throws: ChaosError.self) { try namespace.client.close(self.closing) }
            #expect(try namespace.client.state()?.closed == [])
        }
    }

    @Test("An undo finds what is there: ours is opened, nothing is clean, and it may run twice")
    func undo() async throws {
        try await self.withNamespace { namespace in
            let change = LinkChange(place: namespace.client.place, ways: self.closing.ways, token: "f1")
            func undo() throws -> EffectOutcome {
                try change.compareAndRevert { change.comparison.decide(live: $0, claim: nil) }
            }
            _ = try namespace.client.close(change.closing)
            #expect(try undo() == .reverted)
            #expect(try undo() == .alreadyClean)
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
