import Glibc
import OpsTestKit
import Testing

@testable import OpsHTTP

@Suite struct ListenerTests {
    static func withSocketPath(_ body: (String) async throws -> Void) async throws {
        let directory = try TemporaryDirectory()
        try await body(directory.file("s"))
        withExtendedLifetime(directory) {}
    }

    @Test func aTakenPortIsSaidInOneSentence() throws {
        let first = try Listener(.tcp(host: "127.0.0.1", port: 0))
        defer { close(first.descriptor) }
        let error = #expect(throws: HTTPServerError.self) { try Listener(.tcp(host: "127.0.0.1", port: first.port)) }
        #expect(error?.code == .addressTaken)
        #expect(error?.message.contains("127.0.0.1:\(first.port)") == true)
    }

    @Test func unixSocketsHaveTheirModeAndOneOwner() async throws {
        try await Self.withSocketPath { path in
            let first = try Listener(.unix(path: path, mode: 0o600))
            var status = stat()
            #expect(stat(path, &status) == 0)
            #expect(status.st_mode & 0o777 == 0o600)
            let error = #expect(throws: HTTPServerError.self) { try Listener(.unix(path: path, mode: 0o600)) }
            #expect(error?.code == .addressTaken)
            close(first.descriptor)
            let next = try Listener(.unix(path: path, mode: 0o600))  // the file of a dead owner is in nobody's way
            next.refuse()
            close(next.descriptor)
            #expect(access(path, F_OK) != 0)
        }
    }

    @Test func otherPlacesAreRefused() {
        #expect(throws: HTTPServerError.self) { try Listener(.tcp(host: "no.such.name", port: 0)) }
        #expect(throws: HTTPServerError.self) { try Listener(.tcp(host: "192.0.2.1", port: 0)) }
        let error = #expect(throws: HTTPServerError.self) {
            try Listener(.unix(path: "/" + String(repeating: "x", count: 120), mode: 0o600))
        }
        #expect(error?.code == .badAddress)
    }

    @Test func readsPlacesFromText() {
        #expect(HTTPServerConfiguration.listen("127.0.0.1:8002") == .tcp(host: "127.0.0.1", port: 8_002))
        #expect(HTTPServerConfiguration.listen("[::1]:80") == .tcp(host: "[::1]", port: 80))
        #expect(HTTPServerConfiguration.listen("unix:/run/x") == .unix(path: "/run/x", mode: 0o600))
        for bad in ["", "8002", ":80", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:70000"] {
            #expect(HTTPServerConfiguration.listen(bad) == nil, "\(bad)")
        }
    }
}
