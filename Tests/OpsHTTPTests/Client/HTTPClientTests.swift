import OpsHTTP
import Synchronization
import Testing

@Suite struct HTTPClientTests {
    private func request(
        _ server: ScriptedServer,
        _ method: HTTPMethod = .get,
        key: String? = nil,
        retries: Int? = nil
    ) -> HTTPClientRequest {
        HTTPClientRequest(
            method: method,
            url: "http://127.0.0.1:\(server.port)/x",
            timeout: .seconds(5),
            idempotencyKey: key,
            retries: retries
        )
    }

    @Test func aReadIsRepeatedUntilItSucceeds() async throws {
        let server = try ScriptedServer { $0 < 3 ? .hangUp : .status(200) }
        defer { server.stop() }
        #expect(try await HTTPClient().send(request(server)).status == 200)
        #expect(server.requests.count >= 3)
    }

    @Test func aClientCallsFromTheAddressItIsGiven() async throws {
        let server = try ScriptedServer { _ in .status(200) }
        defer { server.stop() }
        // A client without one may go on with a connection of any other.
        for source in ["127.0.0.11", "127.0.0.12", "127.0.0.11"] {
            let client = HTTPClient(configuration: .init(source: source))
            #expect(try await client.send(request(server)).status == 200)
            #expect(server.callers.last == source)
        }
        let nobody = HTTPClient(configuration: .init(retries: 0, source: "192.0.2.1"))
        await #expect(throws: HTTPClientError.self) { try await nobody.send(request(server)) }
    }

    @Test func aNameIsCalledWhereItIsSaidToBe() async throws {
        let (server, other) = (try ScriptedServer { _ in .status(200) }, try ScriptedServer { _ in .status(200) })
        defer {
            server.stop()
            other.stop()
        }
        let place = Mutex("127.0.0.1")
        let client = HTTPClient(
            configuration: .init(retries: 0, places: { $0 == "pay.example" ? place.withLock { $0 } : nil })
        )
        func call(_ port: Int) async throws -> Int {
            try await client.send(HTTPClientRequest(url: "http://pay.example:\(port)/x", timeout: .seconds(5))).status
        }
        #expect(try await call(server.port) == 200)
        #expect(server.requests.last?.contains("Host: pay.example:\(server.port)") == true)
        // A connection that is still open leads to the place of before.
        place.withLock { $0 = "127.0.53.9" }
        let error = await #expect(throws: HTTPClientError.self) { try await call(server.port) }
        #expect(error?.code == .unreachable)
        place.withLock { $0 = "127.0.0.1" }
        #expect(try await call(server.port) == 200)
        // What is no host is no place.
        place.withLock { $0 = "127.0.0.1:\(other.port)" }
        _ = try? await call(server.port)
        #expect(other.requests.isEmpty)
    }

    @Test func anActWithoutAKeyIsSentOnce() async throws {
        let server = try ScriptedServer { _ in .hangUp }
        defer { server.stop() }
        for method in [HTTPMethod.post, .put, .patch, .delete] {
            let before = server.requests.count
            let error = await #expect(throws: HTTPClientError.self) {
                try await HTTPClient().send(request(server, method))
            }
            #expect(error?.code == .interrupted)
            #expect(server.requests.count == before + 1, "\(method)")
        }
    }

    /// libcurl repeats a request by itself when a reused connection dies before the first byte of the answer.
    @Test func anActWithoutAKeyIsSentOnceEvenAfterAReadOnTheSameConnection() async throws {
        let server = try ScriptedServer { $0 == 1 ? .status(200) : .hangUp }
        defer { server.stop() }
        #expect(try await HTTPClient().send(request(server)).status == 200)
        await #expect(throws: HTTPClientError.self) { try await HTTPClient().send(request(server, .post)) }
        #expect(server.requests.filter { $0.hasPrefix("POST") }.count == 1)
    }

    @Test func aKeyedActIsRepeatedUnderItsKey() async throws {
        let server = try ScriptedServer { $0 < 3 ? .status(503, fields: "Retry-After: 0\r\n") : .status(201) }
        defer { server.stop() }
        #expect(try await HTTPClient().send(request(server, .post, key: "once-1")).status == 201)
        #expect(server.requests.count == 3)
        #expect(server.requests.allSatisfy { $0.contains("Idempotency-Key: once-1") })
    }

    @Test func anActWithoutAKeyTakesA503AsItIs() async throws {
        let server = try ScriptedServer { _ in .status(503) }
        defer { server.stop() }
        #expect(try await HTTPClient().send(request(server, .post)).status == 503)
        #expect(server.requests.count == 1)
    }

    @Test func givesUpWhenTheTimeIsUp() async throws {
        let server = try ScriptedServer { _ in .silence }
        defer { server.stop() }
        var slow = request(server)
        slow.timeout = .milliseconds(300)
        let began = ContinuousClock.now
        let error = await #expect(throws: HTTPClientError.self) { try await HTTPClient().send(slow) }
        #expect(error?.code == .timedOut)
        #expect(ContinuousClock.now - began < .seconds(3))
    }

    @Test func aCancelledCallerIsAnsweredAtOnce() async throws {
        let server = try ScriptedServer { _ in .silence }
        defer { server.stop() }
        let call = Task { try await HTTPClient().send(request(server)) }
        #expect(await eventually { server.requests.count == 1 })
        call.cancel()
        let error = await #expect(throws: HTTPClientError.self) { try await call.value }
        #expect(error?.code == .cancelled)
        #expect(server.requests.count == 1)
    }

    @Test func anAlreadyCancelledCallerSendsNothingForLong() async throws {
        let server = try ScriptedServer { _ in .silence }
        defer { server.stop() }
        let call = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await HTTPClient().send(request(server))
        }
        let error = await #expect(throws: HTTPClientError.self) { try await call.value }
        #expect(error?.code == .cancelled)
    }

    @Test func takesNoMoreThanItsLimit() async throws {
        let server = try ScriptedServer { _ in .status(200, String(repeating: "x", count: 5_000)) }
        defer { server.stop() }
        let client = HTTPClient(configuration: .init(answerLimit: 1_000))
        let error = await #expect(throws: HTTPClientError.self) { try await client.send(request(server)) }
        #expect(error?.code == .answerTooLarge)
        #expect(server.requests.count == 1)
    }

    @Test(arguments: ["ftp://127.0.0.1/x", "file:///etc/passwd", "http://", "https://127.0.0.1/", "nonsense://x", ""])
    func speaksHTTPOnly(url: String) async throws {
        let error = await #expect(throws: HTTPClientError.self) {
            try await HTTPClient().send(HTTPClientRequest(url: url))
        }
        #expect(error?.code == .badURL, "\(String(describing: error))")
    }

    @Test func nobodyThereIsSaidSo() async throws {
        let server = try ScriptedServer { _ in .hangUp }
        server.stop()
        let isSaid = await eventually {
            do {
                _ = try await HTTPClient().send(request(server, retries: 0))
                return false
            } catch {
                return (error as? HTTPClientError)?.code == .unreachable
            }
        }
        #expect(isSaid)
    }

    @Test func aLineBreakInAValueIsNotSent() async throws {
        let server = try ScriptedServer { _ in .status(200) }
        defer { server.stop() }
        var forged = request(server)
        forged.headers["X-A"] = "1\r\nX-Forged: 2"
        forged.headers["X-B"] = "kept"
        _ = try await HTTPClient().send(forged)
        #expect(server.requests.allSatisfy { !$0.contains("Forged") && $0.contains("X-B: kept") })
    }

    @Test func doesNotFollowRedirections() async throws {
        let server = try ScriptedServer { _ in .status(302, fields: "Location: /elsewhere\r\n") }
        defer { server.stop() }
        #expect(try await HTTPClient().send(request(server)).status == 302)
        #expect(server.requests.count == 1)
    }

    @Test func keepsAnswersOfManyCallersApart() async throws {
        let server = try ScriptedServer { .status(200, "\($0)") }
        defer { server.stop() }
        let bodies = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<200 { group.addTask { try await HTTPClient().send(request(server)).text } }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(bodies == Set((1...200).map(String.init)))
    }
}
