import Testing

@testable import OpsRuntime

@Suite struct ComposeComplaintTests {
    @Test(arguments: [
        (
            "ERROR: for web  Cannot start service web: driver failed programming external connectivity on endpoint x: Bind for 127.0.0.1:8000 failed: port is already allocated",
            RuntimeError.Code.portTaken
        ),
        (
            "ERROR: for web  Cannot start service web: listen tcp4 127.0.0.1:8000: bind: address already in use",
            .portTaken
        ),
        ("pull access denied for opslab/services, repository does not exist", .imageMissing),
        ("ERROR: The Compose file './compose.yaml' is invalid because:", .componentFailed), ("", .componentFailed),
    ])
    func isTold(_ text: String, _ code: RuntimeError.Code) {
        let error = ComposeComplaint(verb: "up", text: text).error
        #expect(error.code == code && error.hint != nil)
        #expect(error.message.contains(text))
    }

    @Test func onlyTheEndIsTold() {
        let text = (1...9).map { "line \($0)" }.joined(separator: "\n")
        let message = ComposeComplaint(verb: "down", text: text).error.message
        #expect(message == "compose down failed: line 6\n    line 7\n    line 8\n    line 9")
    }

    @Test(arguments: [
        ("1.29.2", true), ("1.28.6", false), ("1.9", false), ("2.0.0", true), ("v2.20.2", true),
        ("2.24.1-desktop.1", true),
        ("5.0.0", true), ("", false), ("unknown", false), ("1", false),
    ])
    func versions(_ text: String, _ isNewEnough: Bool) {
        #expect(ComposeCommand.isNewEnough(text) == isNewEnough)
    }
}
