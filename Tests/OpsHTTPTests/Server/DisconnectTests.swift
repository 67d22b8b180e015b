import OpsHTTP
import Testing

@Suite struct DisconnectTests {
    @Test func aLeavingClientCancelsItsHandler() async throws {
        let (began, ended) = (Signal<Bool>(), Signal<Bool>())
        var router = Router()
        router.get("/slow", summary: "Takes long.", access: .open) { _ in
            began.send(true)
            do { try await Task.sleep(for: .seconds(60)) } catch {}
            ended.send(Task.isCancelled)
            return .text("late")
        }
        try await TestServer.with(router) { server in
            let connection = try RawConnection(port: server.port)
            connection.send("GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n")
            #expect(await began.next() == true)
            connection.hangUp()
            #expect(await ended.next(within: .seconds(30)) == true)
        }
    }

    @Test func aWaitingClientKeepsItsHandler() async throws {
        let (began, release) = (Signal<Bool>(), Signal<Bool>())
        var router = Router()
        router.get("/slow", summary: "Takes long.", access: .open) { _ in
            began.send(true)
            _ = await release.next()
            return .text(Task.isCancelled ? "cancelled" : "finished")
        }
        let configure = { (settings: inout HTTPServerConfiguration) in settings.patience.sweep = .milliseconds(10) }
        try await TestServer.with(router, configure: configure) { server in
            async let answer = HTTPClient().send(HTTPClientRequest(url: "http://127.0.0.1:\(server.port)/slow"))
            #expect(await began.next() == true)
            try await Task.sleep(for: .milliseconds(100))  // ten sweeps go by
            release.send(true)
            #expect(try await answer.text == "finished")
        }
    }
}
