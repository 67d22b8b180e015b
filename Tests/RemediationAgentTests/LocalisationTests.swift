import OpsModel
import OpsSpec
import Testing

@testable import RemediationAgent

@Suite struct LocalisationTests {
    private func suspect(_ logs: [(component: String, codes: [(code: String, kind: String)])]) throws -> String? {
        let view = try Topology.load("compose/topology.yaml").agentView
        var board = EvidenceBoard()
        for log in logs {
            let rows: [JSONValue] = log.codes.map {
                ["code": .string($0.code), "kind": .string($0.kind), "novelty": "new"]
            }
            let answer = ReadAnswer(read: "log.code", component: log.component, status: .ok, value: 1, rows: rows)
            board.record([ReadQuery(read: "log.code", component: log.component)], [answer])
        }
        let neighbourhood = Neighbourhood(view: view, journeys: ["checkout"])
        return Localisation(symptoms: SymptomReader(neighbourhood: neighbourhood, board: board).symptoms).component
    }

    @Test func whatADatabaseSaidPointsAtItAndNotAtWhoWroteItDown() throws {
        #expect(try suspect([("api", [("57014", "sqlstate")])]) == "db")
        #expect(try suspect([("api", [("57014", "sqlstate")]), ("worker", [("55P03", "sqlstate")])]) == "db")
    }

    @Test func whatAProcessMetByItselfPointsAtIt() throws {
        #expect(try suspect([("api", [("EMFILE", "errno")])]) == "api")
        #expect(
            try suspect([("api", [("EMFILE", "errno"), ("57014", "sqlstate")])]) == "db",
            "causes lie below symptoms"
        )
    }

    @Test func nothingPointsNowhere() throws { #expect(try suspect([]) == nil) }
}
