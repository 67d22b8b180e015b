import GateClient
import OpsHTTP
import OpsModel
import OpsPostgres
import OpsService
import OpsTrust
import Testing

@testable import ControlPlane

/// A chat in front of a gate: a real receiver, real callbacks over a real socket, decisions in a real PostgreSQL.
@Suite struct SlackActionsTests {
    private static let secret = Array("8f742231b10e8888abcd99yyyzzz85a5".utf8)

    /// A question that waits, told in a chat.
    private struct Scene: Sendable {
        var bench: GateBench
        var chat: ChatReceiver
        var configuration: ChatConfiguration
        var incident: String
        var approval: String
        var host: String

        /// What a chat sends when a button is pressed.
        func body(
            _ verb: String,
            user: String = "U1",
            option: Int = 1,
            digest: String? = nil,
            answersTo: String? = nil
        ) async throws -> [UInt8] {
            let shown = try await bench.person.approval(approval).shownDigest
            let number = verb == "reject" ? 0 : option
            let value = SlackCallback.Value(approval: approval, option: number, shown: digest ?? shown)
            var payload: [String: JSONValue] = [
                "type": "block_actions", "user": ["id": .string(user)], "trigger_id": "t",
                "actions": [["action_id": .string(verb), "value": .string(value.text)]],
            ]
            payload["response_url"] = answersTo.map { .string($0) }
            return Array("payload=\(PercentEncoding.encode(try OpsJSON.string(JSONValue.object(payload))))".utf8)
        }

        func post(
            _ body: [UInt8],
            secret: [UInt8] = SlackActionsTests.secret,
            agoS: Double = 0,
            signature: String? = nil,
            type: String = Route.formType
        ) async throws -> (status: Int, text: String) {
            let seconds = String(Int(Timestamp.now().secondsSinceEpoch - agoS))
            var request = HTTPClientRequest(method: .post, url: "\(bench.base)/slack/actions", body: body, retries: 0)
            request.headers["Content-Type"] = type
            request.headers["X-Slack-Request-Timestamp"] = seconds
            request.headers["X-Slack-Signature"] =
                signature ?? SlackSignature(secret: secret).text(of: body, at: seconds)
            let response = try await HTTPClient().send(request)
            // every answer is looked at by its status
            let answer = try? OpsJSON.decode(JSONValue.self, from: response.body)
            return (response.status, answer?["text"]?.stringValue ?? answer?["code"]?.stringValue ?? "")
        }

        func state() async throws -> ApprovalState { try await bench.person.approval(approval).approval.state }

        var outbox: ChatOutbox {
            ChatOutbox(
                store: bench.store,
                changed: ChangeSignal(),
                configuration: configuration,
                logger: Logger(label: "chat", level: .error)
            )
        }
    }

    private func asking(
        ceiling: TrustFile.Authority = .humanAttested,
        _ body: @Sendable (Scene) async throws -> Void
    ) async throws {
        try await ChatReceiver.with { chat, host in
            let configuration = try ChatConfiguration(
                webhook: "http://\(host)/hook/1",
                secret: Self.secret,
                responseHost: host,
                people: ["U1": "ann", "U2": "bob", "U3": "gone"]
            )
            try await GateBench.with(ceiling: ceiling, people: ["ann": nil, "bob": nil], chat: configuration) {
                bench,
                incident in
                let claim = try await bench.claim(incident, as: "one")
                var proposal = PlayedWorld.proposal()
                proposal.summary = "empty <!channel> & <http://evil|ok> \u{202E}\u{1B}[31m"
                let receipt = try await bench.agent(claim).propose(proposal)
                try await body(
                    Scene(
                        bench: bench,
                        chat: chat,
                        configuration: configuration,
                        incident: incident,
                        approval: try #require(receipt.approval),
                        host: host
                    )
                )
            }
        }
    }

    @Test func aQuestionIsToldOnceAndNothingInItIsMarkup() async throws {
        try await asking { scene in
            await scene.outbox.tellAll()
            await scene.outbox.tellAll()
            let message = try #require(scene.chat.messages.first)
            #expect(scene.chat.messages.count == 1)
            let blocks = try #require(message["blocks"]?.arrayValue)
            let title = try #require(blocks[0]["text"]?["text"]?.stringValue)
            #expect(title.contains("empty &lt;!channel&gt; &amp; &lt;http://evil|ok&gt; ⟨202E⟩␛[31m"))
            #expect(blocks[0]["text"]?["verbatim"] == true)
            let buttons = try #require(blocks.last?["elements"]?.arrayValue)
            #expect(buttons.compactMap { $0["action_id"]?.stringValue } == ["approve 1", "reject"])
            let shown = try await scene.bench.person.approval(scene.approval).shownDigest
            #expect(buttons[0]["value"]?.stringValue == "\(scene.approval) 1 \(shown.prefix(16))")
            #expect(!(try OpsJSON.string(message)).contains("eyJ"), "no grant and no payload of one")
        }
    }

    @Test func aReceiverThatRefusesIsTriedAgainAndNotForEver() async throws {
        try await asking { scene in
            scene.chat.answer(with: 500)
            await scene.outbox.tellAll()
            await scene.outbox.tellAll()
            #expect(scene.chat.messages.count == 1, "not at once")
            try await scene.bench.store.organisation.transaction { connection in
                _ = try await connection.query("UPDATE lab.outbox SET not_before = now() WHERE kind = 'chat'")
            }
            scene.chat.answer(with: 200)
            await scene.outbox.tellAll()
            #expect(scene.chat.messages.count == 2)
            try await scene.bench.store.organisation.transaction { connection in
                _ = try await connection.query("UPDATE lab.outbox SET not_before = now() WHERE kind = 'chat'")
            }
            await scene.outbox.tellAll()
            #expect(scene.chat.messages.count == 2)
            #expect(try await scene.bench.store.waitingCommands().isEmpty)
        }
    }

    @Test func aYesThatTheCeilingTakes() async throws {
        try await asking { scene in
            let answersTo = "http://\(scene.host)/hook/answer"
            let body = try await scene.body("approve 1", answersTo: answersTo)
            let first = try await scene.post(body)
            #expect(first.status == 200 && first.text.contains("ann approved option 1"))
            let approval = try await scene.bench.person.approval(scene.approval).approval
            #expect(approval.state == .approved && approval.isAttested && approval.decidedBy == ["ann"])
            // The same press, signed anew: the same answer, and nothing more happens.
            let again = try await scene.post(body, agoS: 3)
            #expect(again.status == 200 && again.text == first.text)
            #expect(try await scene.bench.ended(scene.incident).state == .resolved)
            #expect(scene.bench.world.effects.count == 1)
            try await scene.bench.until { scene.chat.messages.count == 2 }
            #expect(scene.chat.messages.allSatisfy { $0["response_type"] == "ephemeral" })
        }
    }

    @Test(arguments: [TrustFile.Authority.human, .humanSigned])
    func aYesThatHasToBeSigned(_ ceiling: TrustFile.Authority) async throws {
        try await asking(ceiling: ceiling) { scene in
            let answer = try await scene.post(try await scene.body("approve 1"))
            #expect(answer.status == 200 && answer.text.contains("opslab approve \(scene.approval) --option 1"))
            #expect(try await scene.state() == .pending)
            let rejected = try await scene.post(try await scene.body("reject"))
            #expect(rejected.text.contains("rejected by ann"))
            let approval = try await scene.bench.person.approval(scene.approval).approval
            #expect(approval.state == .denied && approval.reason == "rejected in chat by ann")
            #expect(approval.decidedBy == ["ann"] && scene.bench.world.requests == 0)
            let again = try await scene.post(try await scene.body("reject"), agoS: 3)
            #expect(again.text == rejected.text)
            let late = try await scene.post(try await scene.body("reject", user: "U2"))
            #expect(late.text.contains("is denied already"))
        }
    }

    @Test func whatIsForgedOldOrReplayedDecidesNothing() async throws {
        try await asking { scene in
            let body = try await scene.body("reject")
            let seconds = String(Int(Timestamp.now().secondsSinceEpoch))
            let good = SlackSignature(secret: Self.secret)
            let forged = [
                "", "v0=", "v0=00", "v1=" + good.text(of: body, at: seconds).dropFirst(3),
                good.text(of: body + [65], at: seconds), good.text(of: body, at: "0"),
                SlackSignature(secret: Array("another secret of another app".utf8)).text(of: body, at: seconds),
            ]
            for signature in forged {
                let answer = try await scene.post(body, signature: signature)
                #expect(answer.status == 401 && answer.text == "signature_wrong", "\(signature)")
            }
            for ago in [301.0, 86_400, -301] {
                #expect(try await scene.post(body, agoS: ago).text == "signature_old", "\(ago)")
            }
            #expect(try await scene.state() == .pending)
            let foreign = try await scene.body("reject", digest: String(repeating: "0", count: 64))
            let wrong = try await scene.post(foreign, agoS: 1)
            #expect(wrong.status == 200 && wrong.text.contains("is not what this message showed"))
            for user in ["U9", "", "ann", "U3"] {
                let unknown = try await scene.post(try await scene.body("reject", user: user))
                #expect(unknown.status == 200 && unknown.text.contains("You are not known"), "\(user)")
            }
            #expect(try await scene.state() == .pending)
        }
    }

    @Test func theSameBytesAreTakenOnce() throws {
        let table = ReplayTable(most: 2)
        let now = Timestamp.now()
        #expect(table.takes("a", at: now))
        #expect(!table.takes("a", at: now + 299))
        #expect(table.takes("b", at: now))
        #expect(!table.takes("c", at: now), "full")
        #expect(table.takes("c", at: now + 601), "and not for ever")
    }

    @Test func theWholeCallbackAgainIsRefused() async throws {
        try await asking { scene in
            let body = try await scene.body("reject", user: "U9")
            let request = { () async throws -> HTTPClientRequest in
                let seconds = "\(Int(Timestamp.now().secondsSinceEpoch) - 20)"
                var request = HTTPClientRequest(
                    method: .post,
                    url: "\(scene.bench.base)/slack/actions",
                    body: body,
                    retries: 0
                )
                request.headers["Content-Type"] = Route.formType
                request.headers["X-Slack-Request-Timestamp"] = seconds
                request.headers["X-Slack-Signature"] = SlackSignature(secret: Self.secret).text(of: body, at: seconds)
                return request
            }
            let captured = try await request()
            let first = try await HTTPClient().send(captured).status
            let second = try await HTTPClient().send(captured)
            #expect(first == 200 && second.status == 409 && second.text.contains("replayed"))
        }
    }

    @Test func whatIsNoButtonOfTheGatesIsRefused() async throws {
        try await asking { scene in
            let good = try await scene.body("reject")
            #expect(try await scene.post([]).status == 400)
            #expect(try await scene.post(Array("payload=%7B".utf8)).status == 400)
            #expect(try await scene.post(Array("payload=%zz".utf8)).status == 400)
            #expect(try await scene.post(Array("other=1".utf8)).status == 400)
            #expect(try await scene.post(good + Array("&payload=1".utf8)).status == 400)
            #expect(try await scene.post(good, agoS: 1, type: "application/json").status == 415)
            #expect(try await scene.post(Array(repeating: 65, count: SlackController.largest + 1)).status == 413)
            for payload in [
                #"{"type":"view_submission","user":{"id":"U1"},"actions":[]}"#,
                #"{"type":"block_actions","user":{"id":"U1"},"actions":[{"action_id":"destroy","value":"a 1 0123456789abcdef"}]}"#,
                #"{"type":"block_actions","user":{"id":"U1"},"actions":[{"action_id":"approve 1","value":"a -1 0123456789abcdef"}]}"#,
                #"{"type":"block_actions","user":{"id":"U1"},"actions":[{"action_id":"approve 1"}]}"#,
            ] {
                let body = Array("payload=\(PercentEncoding.encode(payload))".utf8)
                #expect(try await scene.post(body).status == 422, "\(payload)")
            }
            let unknown =
                #"{"type":"block_actions","user":{"id":"U1"},"actions":[{"action_id":"reject","value":"apr-none 0 0123456789abcdef"}]}"#
            let answer = try await scene.post(Array("payload=\(PercentEncoding.encode(unknown))".utf8))
            #expect(answer.status == 200 && answer.text.contains("there is no approval"))
            #expect(try await scene.state() == .pending)
        }
    }

    @Test func answersGoToTheOneHostThatWasWrittenDown() throws {
        let chat = try ChatConfiguration(
            webhook: "http://127.0.0.1:1/x",
            secret: Self.secret,
            responseHost: "hooks.example:80",
            people: [:]
        )
        #expect(chat.mayAnswer("http://hooks.example:80/a") && chat.mayAnswer("http://HOOKS.example:80"))
        for address in [
            "http://hooks.example/a", "http://hooks.example:80@evil/", "http://evil/hooks.example:80",
            "https://hooks.example:80/",
            "http://hooks.example:80.evil/", "file:///etc/passwd", "", "http://evil\\@hooks.example:80/",
        ] { #expect(!chat.mayAnswer(address), "\(address)") }
        #expect(throws: GateRefusal.self) {
            try ChatConfiguration(webhook: "ftp://x", secret: Self.secret, people: [:])
        }
        #expect(throws: GateRefusal.self) { try ChatConfiguration(webhook: "http://x", secret: [1], people: [:]) }
        #expect(throws: GateRefusal.self) {
            try ChatConfiguration(webhook: "http://x", secret: Self.secret, people: ["U1": "a b"])
        }
    }
}
