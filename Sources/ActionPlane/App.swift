@main
enum App {
    static func main() { Program.main(CommandLine.arguments) }
}
