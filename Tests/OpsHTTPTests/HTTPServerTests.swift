import OpsHTTP
import OpsModel
import OpsService
import Testing

@Suite struct HTTPServerTests {
    struct Item: Codable, Equatable {
        var name: String
        var count: Int
    }

    @Test func answersOverASocketInTheEnvelope() async throws {
        var router = Router()
        router.get("/items/{id}", summary: "One item.", access: .open) { request in
            .json(Item(name: try request.parameter("id"), count: 3))
        }
        router.post("/items", summary: "Makes an item.", access: .scope("act")) { request in
            .json(try request.json(Item.self), status: 201, message: "made")
        }
        try await TestServer.with(router) { server in
            let client = ServiceClient(base: "http://127.0.0.1:\(server.port)", key: "writer")
            let item = try await client.get("/items/a%20b", as: Item.self)
            #expect(item == Item(name: "a b", count: 3))
            let made = try await client.post("/items", Item(name: "x", count: 1), as: Item.self)
            #expect(made == Item(name: "x", count: 1))
            await #expect(throws: RemoteError.self) { try await client.get("/nothing", as: Item.self) }
        }
    }
}
