import OpsModel
import OpsRuntime
import OpsSystem
import OpsTestKit
import Testing

@testable import ActionPlane

/// The journal of grants and runs, written by the real service's journal.
@Suite("What a crash leaves of the action journal")
struct ActionLogTests {
    private let records: [[UInt8]]
    private let entries: [[UInt8]: JournalEntry]
    private let request = RequestIdentity(principal: "gate", key: "k", digest: "d")

    init() throws {
        let directory = try TemporaryDirectory()
        let journal = try ActionJournal(directory: directory.file("journal"))
        let now = Timestamp.now()
        let decision = Decision(incident: "i", agentRun: "r", step: "1", target: "db", kind: "human", signers: ["s"])
        _ = try journal.consume(
            Consumption(
                run: "act-1",
                grants: ["g1"],
                request: self.request,
                action: "restart-service",
                parameters: [:],
                decision: decision,
                expiresAt: now,
                at: now
            )
        )
        let intent = Intent(
            run: "act-1",
            action: "restart-service",
            version: 1,
            parameters: [:],
            facts: [:],
            fingerprint: "f",
            steps: [],
            resources: [],
            epoch: 3,
            bootID: BootClock.bootID,
            bootNanoseconds: 1,
            at: now
        )
        try journal.append(.intent(intent))
        try journal.append(.begun(.init(run: "act-1", index: 0, at: now)))
        let path = directory.file("journal") + "/journal.log"
        self.records = frames(in: try FileSystem.read(path))
        var entries: [[UInt8]: JournalEntry] = [:]
        for record in try Journal.read(directory.file("journal")).records {
            entries[record] = try OpsJSON.decode(JournalEntry.self, from: record)
        }
        self.entries = entries
    }

    private func ledger(_ count: Int) -> ActionLedger {
        ActionLedger(self.records[..<count].compactMap { self.entries[Decoders.real($0).records.first ?? []] })
    }

    /// The ledger is as before the line or as after it; and where a line was damaged, older grants count as used.
    private func walk(_ decode: Decoders.Decoder) -> Findings {
        var findings = Findings()
        let later = Timestamp.now() + 60
        for number in self.records.indices {
            let allowed = [self.ledger(number), self.ledger(number + 1)]
            CrashStates(records: self.records).forEach(writing: number) { state in
                let contents = decode(state.bytes)
                let found = contents.records.map { self.entries[$0] }
                let isWhole = contents.torn == 0 && !found.isEmpty
                let ledger = ActionLedger(found.compactMap(\.self))
                let isKnown = !found.contains(nil) && allowed.contains(ledger)
                let isBlank = state.bytes.dropFirst(self.records[..<number].joined().count).allSatisfy { $0 == 0 }
                let forgets = ledger.horizon(isWhole: isWhole, confirmsClock: false, now: later) == later
                // A line of which there is a trace and which is not read may have used up a grant.
                let mustForget = ledger == allowed[0] && ledger != allowed[1] && !isBlank
                findings.note(isKnown && (forgets || !mustForget), state.damage)
            }
        }
        return findings
    }

    @Test("The ledger is as before the line or as after it, and a damaged line makes older grants void")
    func everyState() {
        #expect(self.records.count == 4)
        let findings = self.walk(Decoders.real)
        #expect(findings.states > 5_000)
        #expect(findings.wrong.isEmpty, "\(findings.wrong.prefix(5))")
        let used = self.ledger(2)
        #expect(throws: ActionError.self) {
            try used.admit(RequestIdentity(principal: "gate", key: "other", digest: "d"), grants: ["g1"])
        }
    }

    @Test("Readers that trust every line, give up for one, or keep silent about damage are caught")
    func mutants() {
        for mutant in [Decoders.trusting, Decoders.strict, Decoders.silent] {
            #expect(!self.walk(mutant).wrong.isEmpty)
        }
    }

    @Test("A secret that was put aside is read whole or not at all, at whatever byte its writing ended")
    func stagedSecret() throws {
        let directory = try TemporaryDirectory()
        let secrets = StagedSecrets(directory: directory.file("staged"))
        let secret = StagedSecret(password: "p", verifier: "SCRAM-SHA-256$new", oldVerifier: "SCRAM-SHA-256$old")
        try secrets.write(secret, run: "act-1")
        let path = directory.file("staged") + "/act-1.json"
        let bytes = try FileSystem.read(path)
        for length in 0..<bytes.count {
            try FileSystem.writeAtomically(Array(bytes[..<length]), to: path, mode: 0o600)
            #expect(throws: ActionError.self, "cut at \(length)") { try secrets.read(StagedSecret.self, run: "act-1") }
        }
        try FileSystem.writeAtomically(bytes, to: path, mode: 0o600)
        #expect(try secrets.read(StagedSecret.self, run: "act-1") == secret)
        try FileSystem.remove(path)
        #expect(throws: ActionError.self) { try secrets.read(StagedSecret.self, run: "act-1") }
    }
}
