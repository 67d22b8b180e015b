import Glibc
import OpsHTTP
import OpsModel
import OpsSystem
import OpsTestKit
import Testing

@testable import OpsRuntime

/// Why an engine cannot be used, each told apart from the others by a socket that behaves so.
@Suite struct EngineReachTests {
    private let directory: TemporaryDirectory
    private var socket: String { directory.file("engine.sock") }

    init() throws { directory = try TemporaryDirectory() }

    private func failure(_ limit: Duration = .seconds(5)) async -> RuntimeError? {
        do {
            _ = try await EngineReach(socket: socket, http: HTTPClient(), limit: limit).version()
            return nil
        } catch { return error }
    }

    @Test func oneThatIsNewEnoughIsTaken() async throws {
        let engine = try StubEngine(at: socket, StubEngine.usable())
        let version = try await EngineReach(socket: socket, http: HTTPClient()).version()
        #expect(version.engine == "20.10.24" && "\(version.api)" == "1.41")
        #expect(engine.requests == ["GET /version"])
    }

    @Test(arguments: [("1.40", false), ("1.41", true), ("1.100", true), ("2.0", true), ("0.99", false)])
    func versionsAreNumbers(_ api: String, _ isTaken: Bool) async throws {
        let engine = try StubEngine(at: socket, StubEngine.usable(api: api))
        let error = await failure()
        #expect(error?.code == (isTaken ? nil : .engineTooOld))
        #expect(isTaken || error?.message.contains("API \(api), and a lab needs API 1.41") == true)
        #expect(engine.requests.count == 1)
    }

    @Test func noSocket() async {
        let error = await failure()
        #expect(error?.code == .noEngine)
        #expect(error?.message == "there is no container engine: \(socket) does not exist")
        #expect(error?.hint?.contains("scripts/engine start") == true)
    }

    @Test func theSocketOfAnEngineThatEnded() async throws {
        let engine = try StubEngine(at: socket)
        engine.stop()
        let error = await failure()
        #expect(error?.code == .noEngine && error?.message.contains("any more") == true, "\(String(describing: error))")
    }

    @Test(arguments: [StubEngine.Answer.text("hello"), .json([]), .json(["Version": "1"]), .text("", status: 404)])
    func somebodyElse(_ answer: StubEngine.Answer) async throws {
        let engine = try StubEngine(at: socket, ["/version": answer])
        let error = await failure()
        #expect(error?.code == .supervisorRefused && error?.message.contains("is no container engine") == true)
        #expect(engine.requests.count == 1)
    }

    /// Connections are taken by the kernel, and nobody ever answers.
    @Test func oneThatIsSilent() async throws {
        let listener = FileDescriptor(owning: Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0))
        try #require(UnixAddress.with(socket, { bind(listener.raw, $0, $1) }) == 0 && listen(listener.raw, 8) == 0)
        let begin = ContinuousClock.now
        let error = await failure(.milliseconds(300))
        #expect(error?.code == .supervisorUnreachable && error?.message.contains("does not answer") == true)
        #expect(ContinuousClock.now - begin < .seconds(4))
    }
}
