git init --quiet
git add .
