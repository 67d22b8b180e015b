import OpsHTTP
import OpsTestKit
import Testing

@testable import OpsRuntime

/// An engine's events over a real socket, from an engine that forgets as a real one does.
@Suite(.timeLimit(.minutes(1)))
struct EventWatchTests {
    private let directory: TemporaryDirectory
    private let engine: StubEngine
    private var events: StubEvents { engine.events }

    init() throws {
        directory = try TemporaryDirectory()
        engine = try StubEngine(at: directory.file("engine.sock"))
        engine.events.happen("start", to: "x-web")
    }

    private func watch() async throws -> EventWatch {
        let client = EngineClient(socket: engine.socket, prefix: "x-", names: ["web", "api"], http: HTTPClient())
        return try await EventWatch(client, ["x-web": "web", "x-api": "api"], pause: .milliseconds(1))
    }

    private func eventually(_ what: String, _ condition: () -> Bool) async throws {
        let end = ContinuousClock.now + .seconds(20)
        while !condition() {
            guard ContinuousClock.now < end else { throw Late(what: what) }
            try await Task.sleep(for: .milliseconds(2))  // an interval of looking
        }
    }

    private struct Late: Error { var what: String }

    private func isToldAll(_ watch: EventWatch, upTo moment: Int) async throws {
        try await eventually("the last event is known") { watch.last?.nanoseconds == moment }
    }

    /// So much else that the engine has forgotten what was before.
    private func makeNoise() -> Int {
        var last = 0
        for _ in 0..<300 { last = events.happen("exec_start: /bin/true", to: "y-other") }
        return last
    }

    private func isLost(_ watch: EventWatch) async -> Bool {
        do throws(RuntimeError) {
            _ = try await watch.events()
            return false
        } catch { return error.code == .eventsLost }
    }

    @Test func whatTheEngineHasForgottenWasHeardInTime() async throws {
        let watch = try await watch()
        async let _: Void = watch.follow()
        try await eventually("somebody is told") { events.listeners == 1 }
        events.happen("die", to: "x-web")
        try await isToldAll(watch, upTo: makeNoise())
        events.happen("start", to: "x-web")
        events.happen("start", to: "x-web-2")
        let found = try await watch.events()
        #expect(found == [.init(action: "die", program: "web"), .init(action: "start", program: "web")])
    }

    @Test func aConnectionThatEndsCostsNothingAndDoublesNothing() async throws {
        let watch = try await watch()
        async let _: Void = watch.follow()
        for _ in 0..<5 {
            try await eventually("somebody is told") { events.listeners == 1 }
            try await isToldAll(watch, upTo: events.happen("pause", to: "x-api"))
            events.hangUp()
            events.happen("unpause", to: "x-api")
        }
        let found = try await watch.events()
        #expect(found.map(\.action) == (0..<5).flatMap { _ in ["pause", "unpause"] })
    }

    @Test func anEngineThatWasRestartedHasForgotten() async throws {
        let watch = try await watch()
        async let _: Void = watch.follow()
        try await eventually("somebody is told") { events.listeners == 1 }
        events.forget()
        events.hangUp()
        try await eventually("somebody is told again") { events.listeners == 1 }
        events.happen("start", to: "x-web")
        #expect(await isLost(watch))
    }

    @Test func withoutAListenerAFewEventsAreRememberedAndManyAreNot() async throws {
        let watch = try await watch()
        events.happen("start", to: "x-api")
        #expect(try await watch.events() == [.init(action: "start", program: "api")])
        _ = makeNoise()
        #expect(await isLost(watch))
    }

    @Test func whoeverListensNoMoreLeavesNothingOpen() async throws {
        let watch = try await watch()
        let listening = Task { await watch.follow() }
        try await eventually("somebody is told") { events.listeners == 1 }
        listening.cancel()
        await listening.value
        try await eventually("nobody is told any more") { events.listeners == 0 }
    }

    @Test func anEngineThatDoesNotAnswerIsFoundOutAtOnce() async throws {
        let watch = try await watch()
        engine.stop()
        await #expect(throws: RuntimeError.self) { try await self.watch() }
        await #expect(throws: RuntimeError.self) { try await watch.events() }
    }
}
