import OpsModel
import OpsRuntime
import OpsSystem
import OpsTestKit
import OpsTrust
import Testing

@testable import ActionPlane

/// With a real list, a real file, real processes that read the file, and a provider that reads the list.
@Suite(.serialized) struct RotateCredentialTests {
    private struct World {
        var bench: TargetBench
        var accounts: AccountFixture
        var actions: ActionBench

        var environment: String { get throws { try FileSystem.text(bench.environmentPath) } }
        var key: String { get throws { try EnvironmentFile(path: bench.environmentPath)["PAYMENTS_KEY"] ?? "" } }
        var staged: [String] { get throws { try FileSystem.list("\(bench.directory)/staged") } }

        func run() async throws -> ActionResult {
            try await actions.run(try actions.executor(), "rotate-credential", ["component": "payments"])
        }

        /// The key that each process has read.
        func seen() async throws -> [JSONValue?] {
            [try await bench.seen(by: 0)["PAYMENTS_KEY"], try await bench.seen(by: 1)["PAYMENTS_KEY"]]
        }
    }

    private func with(_ body: (World) async throws -> Void) async throws {
        try await TargetBench.with(database: false) { bench in
            let accounts = try await AccountFixture(in: bench.directory)
            let text = try FileSystem.text(bench.environmentPath)
            try FileSystem.writeAtomically(
                text + "PAYMENTS_KEY=\(AccountFixture.oldKey)\n",
                to: bench.environmentPath
            )
            let action = RotateCredential(
                accounts.target(bench),
                processes: bench.steps,
                secrets: StagedSecrets(directory: "\(bench.directory)/staged")
            )
            let actions = try ActionBench("\(bench.directory)/action", [action])
            do {
                try await body(World(bench: bench, accounts: accounts, actions: actions))
            } catch {
                await accounts.stop()
                throw error
            }
            await accounts.stop()
        }
    }

    @Test func everybodyHasTheNewKeyAndNobodyTakesTheOldOne() async throws {
        try await with { world in
            let plan = try await world.actions.executor().plan("rotate-credential", [:])
            #expect(
                plan.plan?.resources == ["config.shop.env", "keys.payments", "process.api-1", "process.api-2"]
            )
            let result = try await world.run()
            #expect(result.state == .done, "\(result)")
            let new = try world.key
            #expect(new != AccountFixture.oldKey && new.utf8.count == 32)
            #expect(try world.accounts.keys() == AcceptedKeys(of: ["another-merchant", new]))
            #expect(try await world.seen() == [.string(new), .string(new)])
            let told = try OpsJSON.string(result) + OpsJSON.string(plan)
            let journal = try FileSystem.text("\(world.actions.directory)/journal/journal.log")
            for secret in [new, AccountFixture.oldKey] {
                #expect(!told.contains(secret) && !journal.contains(secret), "no secret in answers and journal")
            }
            #expect(try world.staged.isEmpty)
            let claim = world.actions.shared.claim(.keys(of: "payments"))
            #expect(try claim?.fingerprint == world.accounts.keys().fingerprint)
        }
    }

    @Test func repairsAKeyThatWasWithdrawn() async throws {
        try await with { world in
            let withdrawn = try world.accounts.keys().removing(AccountFixture.oldKey)
            try FileSystem.writeAtomically(withdrawn.text, to: world.accounts.list)
            let result = try await world.run()
            #expect(result.state == .done, "\(result)")
            #expect(try world.accounts.keys() == withdrawn.adding(try world.key))
        }
    }

    @Test func aListThatSomebodyElseChangedMakesTheGrantVoid() async throws {
        try await with { world in
            let executor = try world.actions.executor()
            let payload = try await world.actions.payload(executor, "rotate-credential")
            let theirs = try world.accounts.keys().adding("theirs")
            try FileSystem.writeAtomically(theirs.text, to: world.accounts.list)
            let before = try world.environment
            let result = try await executor.run(
                "rotate-credential",
                ActionRequest(grant: try Grant(payload, signedBy: world.actions.ann).text),
                principal: "gate",
                key: "k"
            )
            #expect(result.state == .notDone && result.detail["code"] == "facts_drifted")
            #expect(try world.accounts.keys() == theirs && world.environment == before)
        }
    }

    /// With 401 it refuses the new key; with 503 the one in use gives no answer to that at all.
    @Test(arguments: [("primary", 401), ("fallback", 401), ("primary", 503)])
    func everythingGoesBackWhenACallIsNotTaken(_ name: String, _ status: Int) async throws {
        try await with { world in
            let (environment, keys) = (try world.environment, try world.accounts.keys())
            world.accounts.answer(name, with: status)
            let result = try await world.run()
            #expect(result.state == .compensated, "\(result)")
            #expect(try world.environment == environment && world.accounts.keys() == keys)
            #expect(try await world.seen() == [.string(AccountFixture.oldKey), .string(AccountFixture.oldKey)])
            #expect(try world.staged.isEmpty)
            world.accounts.answer(name, with: nil)
            #expect(try await world.run().state == .done, "and again after the compensation")
        }
    }

    @Test func anAlternativeThatIsAwayIsNoReasonToGoBack() async throws {
        try await with { world in
            world.accounts.answer("fallback", with: 503)
            let result = try await world.run()
            #expect(result.state == .done, "\(result)")
        }
    }

    @Test func everythingGoesBackWhenAUserDoesNotComeUp() async throws {
        try await with { world in
            try FileSystem.writeAtomically("", to: "\(world.bench.directory)/refuse-primary")
            let (environment, keys) = (try world.environment, try world.accounts.keys())
            let result = try await world.run()
            #expect(result.state == .compensated, "\(result)")
            #expect(try world.environment == environment && world.accounts.keys() == keys)
        }
    }

    /// Dies after each step in turn; the key that was put aside carries it to the end.
    ///
    /// The steps are: accept, write, then stop, start and wait for each of two processes, withdraw.
    @Test(arguments: 1...9) func rollsForwardFromEveryStep(_ crash: Int) async throws {
        try await with { world in
            let action = world.actions.actions[0]
            let lines = try await JournalPrefixes.record(world.actions, action, [:])
            #expect(lines.intent.steps.count == 10)
            for step in lines.intent.steps.prefix(crash) { try await action.perform(step, of: lines.intent) }
            let result = try await JournalPrefixes.recover(world.actions, lines.prefixes[crash + 1])
            #expect(result?.state == .done, "\(String(describing: result))")
            let new = try world.key
            #expect(try world.accounts.keys() == AcceptedKeys(of: ["another-merchant", new]))
            #expect(try await world.seen() == [.string(new), .string(new)])
            #expect(try world.staged.isEmpty)
        }
    }

    @Test func dyingBeforeTheFirstStepChangesNothing() async throws {
        try await with { world in
            let (environment, keys) = (try world.environment, try world.accounts.keys())
            let lines = try await JournalPrefixes.record(world.actions, world.actions.actions[0], [:])
            #expect(try await JournalPrefixes.recover(world.actions, lines.prefixes[2])?.state == .notDone)
            #expect(try world.environment == environment && world.accounts.keys() == keys)
            #expect(try world.staged.isEmpty, "the unused key is removed")
        }
    }

    @Test func aListThatSomebodyElseChangedMeanwhileIsAPersonsBusiness() async throws {
        try await with { world in
            let action = world.actions.actions[0]
            let lines = try await JournalPrefixes.record(world.actions, action, [:])
            for step in lines.intent.steps.prefix(2) { try await action.perform(step, of: lines.intent) }
            let theirs = try world.accounts.keys().adding("theirs")
            try FileSystem.writeAtomically(theirs.text, to: world.accounts.list)
            let result = try await JournalPrefixes.recover(world.actions, lines.prefixes[3])
            #expect(result?.state == .unknown, "\(String(describing: result))")
            #expect(try world.accounts.keys() == theirs, "and nothing of it is overwritten")
        }
    }
}
