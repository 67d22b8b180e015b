import OpsHTTP
import OpsModel
import OpsTrust
import Testing

@testable import ControlPlane

/// What a person sees of a request, with words of somebody who would like them to see something else.
@Suite struct ApprovalCardTests {
    private static let now = Timestamp(microseconds: 1_800_000_000_000_000)
    private static let hostile =
        "\u{1B}[2J\u{202E}</li></textarea></title>\"'><script>x()</script><img src=x onerror=y()><a href=//evil>"

    private var signIn: SignIn {
        SignIn(
            person: Principal(name: Self.hostile, scopes: ["operator"], root: Self.hostile),
            keyPrefix: "00000000",
            keyHash: Digest.sha256("k"),
            endsAt: .now + .seconds(900)
        )
    }

    private static func detail(_ words: String, state: ApprovalState = .pending) -> ApprovalDetail {
        let plan = ActionPlan(
            fingerprint: words,
            diff: [words, "cache: 412 files -> 0"],
            blastRadius: words,
            risk: words,
            downtimeS: 3,
            undo: words,
            refusals: [words]
        )
        let step = ApprovalStep(action: words, parameters: [words: .string(words)], payload: "", plan: plan)
        let requirement = ApproverRequirement(policy: words, from: [words])
        let option = ApprovalOption(
            number: 1,
            title: words,
            why: words,
            digest: "d",
            steps: [step],
            requiredFrom: [requirement]
        )
        let refused = ApprovalOption(number: 2, title: words, digest: "e", steps: [], refusal: words)
        let diagnosis = Diagnosis(
            component: words,
            mechanism: words,
            confidence: .high,
            statement: words,
            evidence: ["ev-1"],
            citations: [Citation(runbook: words, path: words, firstLine: 1, lastLine: 2)],
            ruledOut: [RuledOut(component: words, mechanism: words, because: words)]
        )
        let approval = Approval(
            id: "apr-1",
            incident: words,
            proposal: words,
            state: state,
            title: words,
            requester: words,
            requestedAt: now + -1,
            expiresAt: now + 42,
            decidedBy: state == .pending ? [] : [words],
            decidedAt: state == .pending ? nil : now,
            reason: state == .pending ? nil : words
        )
        return ApprovalDetail(
            approval: approval,
            diagnosis: diagnosis,
            options: [option, refused],
            rejected: [RejectedOption(action: words, component: words, because: words)],
            evidence: [ReadAnswer(read: words, component: words, selector: [words], status: .ok, value: .string(words))]
        )
    }

    private func tags(_ markup: String) -> [String] {
        markup.split(separator: "<").dropFirst().map { String($0.prefix { $0 != ">" && $0 != " " && $0 != "\n" }) }
    }

    @Test(arguments: [ApprovalState.pending, .denied, .approved, .expired, .superseded, .revoked])
    func hostileWordsAddNothingToThePage(_ state: ApprovalState) {
        let bad = ApprovalCard(
            detail: Self.detail(Self.hostile, state: state),
            signIn: signIn,
            now: Self.now,
            problem: Self.hostile,
            typed: Self.hostile
        )
        var good = bad
        good.detail = Self.detail("plain", state: state)
        (good.problem, good.typed) = ("plain", "plain")
        #expect(tags(bad.page.markup) == tags(good.page.markup), "the same elements in the same order")
        #expect(!bad.page.markup.unicodeScalars.contains { $0.value == 0x1B || $0.value == 0x202E })
        #expect(bad.page.markup.contains("␛[2J⟨202E⟩&lt;/li&gt;"))
    }

    @Test func listsAndProblemsAreAsSafe() {
        let list = ApprovalList(approvals: [Self.detail(Self.hostile).approval], signIn: signIn, now: Self.now)
        let problem = ProblemView(
            problem: .conflict("x", Self.hostile, hint: Self.hostile),
            signIn: signIn,
            back: Self.hostile
        )
        let door = SignInView(token: Self.hostile, problem: Self.hostile)
        for page in [list.page, problem.page, door.page] {
            #expect(
                !page.markup.contains("<script") && !page.markup.contains("<img") && !page.markup.contains("evil\">")
            )
            #expect(!page.markup.unicodeScalars.contains { $0.value == 0x1B || $0.value == 0x202E })
        }
    }

    @Test func itSaysWhatTheCommandLineSays() {
        let plan = ActionPlan(
            fingerprint: "f",
            diff: ["cache: 412 files -> 0"],
            blastRadius: "customers of checkout",
            risk: "low",
            downtimeS: 3,
            undo: "not needed"
        )
        var detail = Self.detail("words")
        detail.approval.title = "empty the cache, because it is stale"
        detail.options[0].title = "clear it"
        detail.options[0].steps[0] = ApprovalStep(action: "clear-cache", payload: "", plan: plan)
        detail.evidence = [ReadAnswer(read: "fs.count", component: "cache", status: .ok, value: 412, unit: "count")]
        let page = ApprovalCard(detail: detail, signIn: signIn, now: Self.now).page.markup
        for said in [
            "empty the cache, because it is stale", "clear it", "cache: 412 files -&gt; 0", "customers of checkout",
            "<dd>low</dd>", "about 3.0 s", "not needed", "cache fs.count 412", "expires in 42.0 s",
            "opslab approve apr-1 --option 1",
        ] { #expect(page.contains(said), "\(said)") }
        #expect(!page.contains("opslab approve apr-1 --option 2"), "what cannot be carried out is not offered")
    }

    @Test func whatIsOverHasNoForms() {
        var detail = Self.detail("words", state: .denied)
        let decided = ApprovalCard(detail: detail, signIn: signIn, now: Self.now).page.markup
        #expect(!decided.contains("/reject") && !decided.contains("opslab approve"))
        detail = Self.detail("words")
        detail.approval.expiresAt = Self.now
        let late = ApprovalCard(detail: detail, signIn: signIn, now: Self.now).page.markup
        #expect(!late.contains("/reject") && late.contains("nobody answered in time"))
    }

    @Test func whatWasShownHasADigestOfItsOwn() {
        let shown = Self.detail("words")
        var other = shown
        other.options[0].digest = "f"
        #expect(other.shownDigest != shown.shownDigest)
        other = shown
        other.options[0].refusal = "not now"
        #expect(other.shownDigest != shown.shownDigest)
        other = shown
        other.approval.state = .denied
        #expect(other.shownDigest == shown.shownDigest, "a decision changes nothing of what was asked")
    }
}
