import OpsModel
import Testing

@Suite struct WireTests {
    @Test func readsABodyThatLeavesOutWhatHasADefault() throws {
        let text = #"{"reads":[{"read":"pg.blockers","component":"db"}]}"#
        let request = try OpsJSON.decode(ReadRequest.self, from: Array(text.utf8))
        #expect(request.reads == [ReadQuery(read: "pg.blockers", component: "db")])
    }

    @Test func writesMemberNamesInSnakeCase() throws {
        let left = ActionPlan(fingerprint: "ab", blastRadius: "one session", downtimeS: 0.5)
        let json = try JSONValue(encoding: left)
        #expect(json["blast_radius"] == "one session")
        #expect(json["downtime_s"]?.doubleValue == 0.5)
        #expect(try json.decoded(as: ActionPlan.self) == left)
    }

    @Test func namesStatesAsTheyStandOnTheWire() throws {
        #expect(try OpsJSON.string([IncidentState.awaitingApproval]) == #"["awaiting_approval"]"#)
        #expect(try OpsJSON.string([ActionState.notDone]) == #"["not_done"]"#)
    }
}
