import OpsModel
import Testing

@testable import ControlPlane

@Suite struct PolicyTests {
    let proposal = PlayedWorld.proposal()

    @Test("Each level means what its word says")
    func levels() {
        #expect(Policy.initial(.observe).decide(proposal) == .simulate("autonomy is observe: nothing is carried out"))
        #expect(
            Policy.initial(.suggest).decide(proposal) == .simulate("autonomy is suggest: a person may carry it out")
        )
        #expect(Policy.initial(.approve).decide(proposal) == .requireApproval)
        #expect(Policy.initial(.auto).decide(proposal) == .allow)
    }

    @Test("auto asks where only somebody's alert says that anything is wrong")
    func unwitnessed() {
        let policy = Policy.initial(.auto)
        #expect(policy.decide(proposal, isWitnessed: false) == .requireApproval)
        #expect(policy.word(on: proposal, isWitnessed: false).action == .requireApproval)
        #expect(policy.word(on: proposal, isWitnessed: false).name == "autonomy auto without a page of Observer's")
        #expect(Policy.initial(.observe).word(on: proposal, isWitnessed: false).name == "autonomy observe")
    }

    @Test("auto allows what is listed, and asks for the rest")
    func listed() {
        #expect(Policy(autonomy: .auto).decide(proposal) == .requireApproval)
        #expect(Policy(autonomy: .auto, automatic: ["restart-db"]).decide(proposal) == .requireApproval)
        #expect(Policy(autonomy: .auto, automatic: ["clear-cache"]).decide(proposal) == .allow)
    }

    @Test("A restoration is asked for at every level, listed or not")
    func restoration() {
        var proposal = PlayedWorld.proposal()
        for index in proposal.options.indices {
            for step in proposal.options[index].steps.indices {
                proposal.options[index].steps[step].action = "restore-db"
            }
        }
        #expect(Policy.initial(.auto).decide(proposal) == .requireApproval)
        #expect(Policy(autonomy: .auto, automatic: ["restore-db"]).decide(proposal) == .requireApproval)
    }

    @Test("The agents' stop comes before every level", arguments: Autonomy.allCases)
    func stopped(_ level: Autonomy) {
        var policy = Policy.initial(level)
        policy.isFrozen = true
        #expect(policy.decide(proposal) == .block("agents are stopped"))
    }
}
