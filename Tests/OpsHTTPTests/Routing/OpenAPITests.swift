import OpsHTTP
import OpsModel
import Testing

@Suite struct OpenAPITests {
    @Test func describesEveryRoute() async throws {
        var router = Router()
        router.get("/faults/{id}", summary: "One fault.", access: .scope("chaos"), response: ["type": "object"]) { _ in
            .json(1)
        }
        router.post(
            "/break/{name}",
            summary: "Begins.",
            access: .anyKey,
            request: ["type": "object", "required": ["lease_s"]],
            form: ["type": "object", "required": ["lease"]],
            successStatus: 201
        ) { _ in .json(1) }
        let server = TestServer.make(router)
        let answer = await server.respond(to: try HTTPRequest(.get, "/openapi.json", headers: ["Host": "localhost"]))
        let document = try OpsJSON.decode(JSONValue.self, from: answer.bytes)
        let paths = try #require(document["paths"]?.objectValue)
        #expect(
            Set(paths.keys) == [
                "/faults/{id}", "/break/{name}", "/health", "/healthz", "/ready", "/metrics", "/openapi.json",
            ]
        )
        let fault = try #require(paths["/faults/{id}"]?["get"])
        #expect(fault.at("parameters.0.name") == "id")
        #expect(fault.at("security.0.bearer.0") == "chaos")
        #expect(
            fault["responses"]?["200"]?.at("content")?["application/json"]?.at("schema.properties.data.type")
                == "object"
        )
        let begin = try #require(paths["/break/{name}"]?["post"])
        #expect(begin["responses"]?["201"] != nil)
        #expect(begin.at("requestBody.content")?["application/json"]?.at("schema.required.0") == "lease_s")
        #expect(begin.at("requestBody.content")?[Route.formType]?.at("schema.required.0") == "lease")
        #expect(begin["responses"]?.at("default.content")?["application/json"] != nil)
    }

    @Test func operationNamesAreUnique() throws {
        var router = Router()
        for template in ["/a/{id}", "/a/{id}/b", "/a-b"] {
            router.get(template, summary: template, access: .open) { _ in .json(1) }
            router.post(template, summary: template, access: .open) { _ in .json(1) }
        }
        let paths = try #require(router.openAPI(title: "T")["paths"]?.objectValue)
        let names = paths.values.flatMap { $0.objectValue.map { Array($0.values) } ?? [] }.compactMap {
            $0["operationId"]
        }
        #expect(names.count == 6)
        #expect(Set(names).count == 6)
    }
}
