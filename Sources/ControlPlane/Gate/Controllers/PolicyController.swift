import OpsHTTP
import OpsModel

/// The routes of rules: make, look, change, take away, try out.
struct PolicyController: Sendable {
    var desk: PolicyDesk

    func register(in router: inout Router) {
        registerReading(in: &router)
        registerChanging(in: &router)
        registerTrying(in: &router)
    }

    private func registerReading(in router: inout Router) {
        router.get(
            "/api/v1/policies",
            summary: "The newest version of every policy; retired ones with `status=retired`",
            access: .scope("operator"),
            handler: answering { request in
                let status = request[query: "status"]
                guard status == nil || status.flatMap(PolicyStatus.init) != nil else {
                    throw HTTPError.badRequest("bad_status", "no such status of a policy: \(status ?? "")")
                }
                return .json(try await desk.list(status.flatMap(PolicyStatus.init)))
            }
        )
        router.get(
            "/api/v1/policies/{id}",
            summary: "One policy, its newest version or the one of `version`",
            access: .scope("operator"),
            handler: answering { request in
                let isNewest = request[query: "version"] == nil
                let version = try request.integer(query: "version", default: 0, in: 0...Int.max)
                let id = try request.parameter("id")
                return tagged(try await desk.show(id, version: isNewest ? nil : version))
            }
        )
        router.get(
            "/api/v1/policies/{id}/versions",
            summary: "Every version of a policy, the newest first",
            access: .scope("operator"),
            handler: answering { .json(try await desk.versions(try $0.parameter("id"))) }
        )
    }

    private func registerChanging(in router: inout Router) {
        router.post(
            "/api/v1/policies",
            summary: "Make a policy",
            access: .scope("operator"),
            request: PolicySchema.draft,
            successStatus: 201,
            handler: answering { request in
                tagged(try await desk.add(try body(request), by: caller(request)), status: 201)
            }
        )
        router.patch(
            "/api/v1/policies/{id}",
            summary: "Make a new version with the members that are to change; `If-Match` names the version it was",
            access: .scope("operator"),
            request: PolicySchema.change,
            handler: answering { request in
                let (id, version) = (try request.parameter("id"), try expected(request))
                return tagged(try await desk.change(id, try body(request), expecting: version, by: caller(request)))
            }
        )
        router.delete(
            "/api/v1/policies/{id}",
            summary: "Take a policy away; its versions stay on record",
            access: .scope("operator"),
            handler: answering { request in
                let (id, version) = (try request.parameter("id"), try expected(request))
                return tagged(try await desk.remove(id, expecting: version, by: caller(request)))
            }
        )
    }

    private func registerTrying(in router: inout Router) {
        router.post(
            "/api/v1/policies/evaluate",
            summary: "What would become of an action under all policies; nothing is done",
            access: .scope("operator"),
            request: PolicySchema.facts,
            handler: answering { .json(try await desk.evaluate(try body($0))) }
        )
        router.post(
            "/api/v1/policies/{id}/evaluate",
            summary: "What would become of an action under one policy; nothing is done",
            access: .scope("operator"),
            request: PolicySchema.facts,
            handler: answering { .json(try await desk.evaluate(try $0.parameter("id"), try body($0))) }
        )
    }

    private func body(_ request: HTTPRequest) throws -> JSONValue {
        guard request.body.count <= PolicySchema.largest else {
            throw HTTPError.unprocessable(
                "a policy has at most \(PolicySchema.largest) bytes",
                code: GateRefusal.Code.limitExceeded.rawValue
            )
        }
        return try request.json(JSONValue.self)
    }

    /// The version that `If-Match` names, as a number or as the tag that was given out; `*` is any.
    private func expected(_ request: HTTPRequest) throws -> Int? {
        guard let tag = request.headers["If-Match"], tag != "*" else { return nil }
        guard let version = Int(tag.filter { $0 != "\"" }), version > 0 else {
            throw HTTPError.badRequest(
                "bad_version",
                "If-Match names no version.",
                hint: "send the ETag you were given"
            )
        }
        return version
    }

    private func tagged(_ policy: PolicyRecord, status: Int = 200) -> HTTPResponse {
        var response = HTTPResponse.json(policy, status: status)
        response.headers["ETag"] = "\"\(policy.version)\""
        return response
    }

    private func caller(_ request: HTTPRequest) -> String { request.principal?.root ?? "unknown" }
}
