import OpsYAML
import Testing

@testable import OpsScenario

@Suite struct DifficultyTests {
    @Test(
        "Each word stands for what every seed draws, not for what one may draw",
        arguments: [
            (Difficulty.plain, [[DecoyKind]](), true), (.plain, [[.none]], true),
            (.plain, [[.none, .cpuNoise]], false),
            (.noisy, [[.cpuNoise, .logNoise]], true), (.noisy, [[.none, .cpuNoise]], false), (.noisy, [], false),
            (.noisy, [[.cpuNoise, .benignDeploy]], false), (.noisy, [[.cpuNoise], [.none, .logNoise]], false),
            (.adversarial, [[.benignDeploy]], true), (.adversarial, [[.benignDeploy], [.none, .logNoise]], true),
            (.adversarial, [[.benignDeploy, .logNoise]], false), (.adversarial, [[.none, .benignDeploy]], false),
            (.adversarial, [[.cpuNoise], [.logNoise]], true),
            (.adversarial, [[.cpuNoise], [.none, .logNoise]], false),
        ]
    )
    func fits(_ difficulty: Difficulty, _ decoys: [[DecoyKind]], _ isRight: Bool) {
        #expect(difficulty.fits(decoys) == isRight)
    }

    @Test func aFileThatDeclaresItIsHeldToIt() {
        expectProblem("the decoys do not make this scenario 'noisy'", line: 5, hint: "one decoy, never 'none'") {
            $0.difficulty = "noisy"
        }
        expectProblem("the decoys do not make this scenario 'adversarial'", line: 5, hint: "benign-deploy") {
            $0.difficulty = "adversarial"
            $0.decoy = "log-noise"
        }
        expectProblem("no such difficulty: hard", line: 5, hint: "plain, noisy, adversarial") { $0.difficulty = "hard" }
        #expect(ScenarioText.problems { ($0.difficulty, $0.decoy) = ("noisy", "log-noise") }.isEmpty)
    }

    @Test func aFileThatDoesNotDeclareItLoads() throws {
        #expect(try Scenario.parse(exampleScenario).difficulty == nil)
    }
}
