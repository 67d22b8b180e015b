import ActionClient
import Glibc
import OpsHTTP
import OpsModel
import OpsScenario
import OpsService
import Synchronization
import Testing

@testable import ControlPlane

/// The question at the terminal: answers come through a real pipe, dry runs over a real socket.
@Suite struct TerminalApproverTests {
    private final class Screen: Sendable {
        private let shown = Mutex<[String]>([])
        var text: String { shown.withLock { $0.joined(separator: "\n") } }
        var questions: Int { shown.withLock { $0.count { $0.contains("Approve as ann?") } } }
        func show(_ line: String) { shown.withLock { $0.append(line) } }
    }

    private func detail(fingerprint: String = "f", forS seconds: Double = 600) -> ApprovalDetail {
        let step = ApprovalStep(
            action: "clear-cache",
            parameters: ["component": "cache"],
            payload: "",
            plan: ActionPlan(fingerprint: fingerprint)
        )
        let approval = Approval(
            id: "apr-1",
            incident: "inc-1",
            proposal: "pro-1",
            state: .pending,
            title: "clear",
            requester: "agent",
            requestedAt: .now(),
            expiresAt: .now() + seconds
        )
        return ApprovalDetail(
            approval: approval,
            options: [
                ApprovalOption(number: 1, title: "clear", digest: "d", steps: [step]),
                ApprovalOption(number: 2, title: "again", digest: "d", steps: [step], refusal: "not now"),
            ],
            evidence: [ReadAnswer(read: "cache.bad", component: "cache", status: .ok, value: 3)]
        )
    }

    /// What is decided when these lines are typed, and what the person saw meanwhile.
    private func typing(
        _ lines: String,
        _ detail: ApprovalDetail,
        _ rehearsal: OptionRehearsal
    ) async throws -> (ApproverScript.Decision, Screen) {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        defer { close(ends[0]) }
        _ = lines.withCString { write(ends[1], $0, strlen($0)) }
        close(ends[1])
        let screen = Screen()
        let terminal = TerminalApprover(person: "ann", rehearsal: rehearsal, input: ends[0]) { screen.show($0) }
        return (await terminal.ask(detail), screen)
    }

    /// Lends dry runs of an ActionPlane that would empty the cache it is asked about.
    private func withRehearsal(_ body: (OptionRehearsal) async throws -> Void) async throws {
        var router = Router()
        router.post("/action/{name}", summary: "Dry run", access: .open) { request in
            let wanted = try request.json(ActionRequest.self)
            guard wanted.dryRun else { throw HTTPError.forbidden("grant_missing", "a dry run was expected") }
            let place = wanted.parameters["component"]?.stringValue ?? "nothing"
            let plan = ActionPlan(fingerprint: "f", diff: ["- 12 files of \(place)\u{1B}[2J"], blastRadius: "nobody")
            return .json(
                ActionResult(
                    run: "act-1",
                    action: try request.parameter("name"),
                    state: .planned,
                    message: "planned",
                    plan: plan,
                    startedAt: .now()
                )
            )
        }
        let server = HTTPServer(
            configuration: HTTPServerConfiguration(listen: .tcp(host: "127.0.0.1", port: 0), name: "ActionPlane"),
            router: router,
            logger: Logger(label: "action", level: .error),
            metrics: MetricsRegistry()
        )
        try await server.start()
        let client = ActionClient(base: "http://127.0.0.1:\(server.port)", key: "")
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            defer { group.cancelAll() }
            try await body(OptionRehearsal { try await client.plan($0, parameters: $1) })
        }
    }

    @Test func aDryRunIsShownAndTheQuestionComesAgain() async throws {
        try await withRehearsal { rehearsal in
            let (decision, screen) = try await typing("v\n1\n", detail(), rehearsal)
            #expect(decision == .approve(option: 1))
            #expect(screen.questions == 2)
            #expect(screen.text.contains("[1]  [v] dry run  [w] why  [d] deny"))
            #expect(screen.text.contains("- 12 files of cache"))
            #expect(screen.text.contains("who feels it: nobody"))
            #expect(screen.text.contains("the facts are those that were shown"))
            #expect(!screen.text.unicodeScalars.contains("\u{1B}"))
        }
    }

    @Test func factsThatHaveChangedSinceAreSaid() async throws {
        try await withRehearsal { rehearsal in
            let (decision, screen) = try await typing("v\nd\n", detail(fingerprint: "older"), rehearsal)
            #expect(decision == .deny(reason: "denied at the terminal"))
            #expect(screen.text.contains("the facts have changed since it was asked"))
        }
    }

    @Test func anActionPlaneThatIsAwayLeavesTheQuestionOpen() async throws {
        let client = ActionClient(base: "http://127.0.0.1:1", key: "")
        let rehearsal = OptionRehearsal { try await client.plan($0, parameters: $1) }
        let (decision, screen) = try await typing("v\nw\n1\n", detail(), rehearsal)
        #expect(decision == .approve(option: 1))
        #expect(screen.questions == 3)
        #expect(screen.text.contains("there is no dry run: "))
        #expect(screen.text.contains("cache cache.bad 3"))
    }

    @Test(.enabled(if: access("/dev/ptmx", R_OK | W_OK) == 0, "no pseudo-terminals in this root"))
    func whatWasTypedBeforeTheQuestionIsNoAnswerToIt() async throws {
        var ends: (person: Int32, program: Int32) = (-1, -1)
        try #require(openpty(&ends.person, &ends.program, nil, nil, nil) == 0)
        defer {
            close(ends.person)
            close(ends.program)
        }
        _ = write(ends.person, "1\n", 2)
        let person = ends.person
        let nothing = OptionRehearsal { _, _ in throw CancellationError() }
        let terminal = TerminalApprover(person: "ann", rehearsal: nothing, input: ends.program) { line in
            if line.contains("Approve as ann?") { _ = write(person, "d\n", 2) }
        }
        #expect(await terminal.ask(detail()) == .deny(reason: "denied at the terminal"))
    }

    @Test func whatCannotRunCannotBeChosenAndSilenceDecidesNothing() async throws {
        let nothing = OptionRehearsal { _, _ in throw CancellationError() }
        let (decision, screen) = try await typing("2\nyes\n", detail(), nothing)
        #expect(decision == .wait)
        #expect(screen.questions == 3)
    }
}
